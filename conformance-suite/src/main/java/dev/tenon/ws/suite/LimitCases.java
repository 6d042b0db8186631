package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import java.util.ArrayList;
import java.util.List;

/** Chapters 9 and 10: long messages, many messages, many fragments, many writes. */
final class LimitCases {
    private static final String RULE = "RFC 6455 §5.2, §5.4";
    private static final int[] SIZES = {64 << 10, 256 << 10, 1 << 20, 4 << 20, 8 << 20, 16 << 20};
    private static final int[] FRAGMENTS = {256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20};
    private static final int[] CHUNK_LENGTHS = {64, 128, 256, 512, 1024, 2048, 65_536};
    private static final int[] MANY = {0, 16, 64, 256, 1024, 4096};
    private static final Opening PLAIN = new Opening.Usual(null);
    private static final int ALL = Integer.MAX_VALUE;

    private LimitCases() {}

    static Chapter limits() {
        Chapter chapter = new Chapter(9, "Limits");
        for (boolean text : new boolean[] {true, false}) {
            int kind = text ? 1 : 2;
            String what = text ? "text" : "binary";
            for (int i = 0; i < SIZES.length; i++) {
                add(chapter, kind + "." + (i + 1), what + " of " + size(SIZES[i]), text, SIZES[i], ALL, ALL);
            }
            for (int i = 0; i < FRAGMENTS.length; i++) {
                String title = what + " of 4 MiB in frames of " + size(FRAGMENTS[i]);
                add(chapter, kind + 2 + "." + (i + 1), title, text, 4 << 20, FRAGMENTS[i], ALL);
                String fast = what + " of 64 KiB in frames of " + size(FRAGMENTS[i] / 64);
                add(chapter, kind + 8 + "." + (i + 1), fast, text, 64 << 10, FRAGMENTS[i] / 64, ALL);
            }
            for (int i = 0; i < CHUNK_LENGTHS.length; i++) {
                String title = what + " of 1 MiB in writes of " + size(CHUNK_LENGTHS[i]);
                add(chapter, kind + 4 + "." + (i + 1), title, text, 1 << 20, ALL, CHUNK_LENGTHS[i]);
                String fast = what + " of 64 KiB in writes of " + size(CHUNK_LENGTHS[i]);
                add(chapter, kind + 10 + "." + (i + 1), fast, text, 64 << 10, ALL, CHUNK_LENGTHS[i]);
            }
            for (int i = 0; i < MANY.length; i++) {
                String id = kind + 6 + "." + (i + 1);
                int size = MANY[i];
                chapter.addLong(
                        id, "200 " + what + " messages of " + size(size), RULE, false, PLAIN, () -> many(text, size));
            }
        }
        return chapter;
    }

    static Chapter fragmentation() {
        Chapter chapter = new Chapter(10, "Automatic fragmentation");
        int number = 1;
        for (int fragment : new int[] {1, 100, 1300, 1448, 32_768}) {
            int length = fragment == 1 ? 2_000 : 65_536;
            for (boolean text : new boolean[] {true, false}) {
                chapter.add(
                        "1." + number++,
                        (text ? "text" : "binary") + " of " + length + " bytes in frames of " + size(fragment)
                                + ", which come back in frames of any length",
                        "RFC 6455 §5.4",
                        script().echoes(text, FramingCases.payload(text, length), fragment, ALL)
                                .close());
            }
        }
        return chapter;
    }

    private static void add(
            Chapter chapter, String id, String title, boolean text, int size, int fragment, int chunkLength) {
        chapter.addLong(
                id,
                title,
                RULE,
                size >= 1 << 20,
                PLAIN,
                () -> script().echoes(text, FramingCases.payload(text, size), fragment, chunkLength)
                        .close());
    }

    private static Script many(boolean text, int size) {
        byte[] payload = FramingCases.payload(text, size);
        List<WireFrame> frames = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            frames.add(WireFrame.of(text ? Opcodes.TEXT : Opcodes.BINARY, payload));
        }
        Script script = script().send(frames);
        for (int i = 0; i < 200; i++) {
            if (text) {
                script.expectText(payload);
            } else {
                script.expectBinary(payload);
            }
        }
        return script.close();
    }

    static String size(int bytes) {
        return bytes >= 1 << 20 && bytes % (1 << 20) == 0
                ? (bytes >> 20) + " MiB"
                : bytes >= 1024 && bytes % 1024 == 0 ? (bytes >> 10) + " KiB" : bytes + " bytes";
    }
}
