package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import java.util.Random;
import java.util.function.Supplier;

/** Chapters 12 and 13: permessage-deflate with every kind of data, message size and set of parameters. */
final class DeflateCases {
    private static final String RULE = "RFC 7692 §7.2";
    private static final String PARAMETERS = "RFC 7692 §7.1";
    private static final int[] SIZES = {0, 1, 16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072};
    private static final int[] FEW_SIZES = {16, 300, 1024, 8192, 40_000};
    private static final int ALL = Integer.MAX_VALUE;

    private DeflateCases() {}

    /** Kinds of payloads, which compress differently. */
    private enum Data {
        ZEROS(1, "zeros", false),
        NOISE(2, "noise", false),
        TEXT(3, "text", true),
        NEAR(4, "near repetitions", false),
        FAR(5, "far repetitions", false);

        private final int group;
        private final String words;
        private final boolean text;

        Data(int group, String words, boolean text) {
            this.group = group;
            this.words = words;
            this.text = text;
        }

        byte[] of(int length, int seed) {
            Random random = new Random(seed);
            byte[] data = new byte[length];
            switch (this) {
                case ZEROS -> {}
                case NOISE -> random.nextBytes(data);
                case TEXT -> {
                    String[] words = {"frame ", "opcode ", "mask ", "payload ", "close ", "{\"id\": ", "}, "};
                    StringBuilder text = new StringBuilder(length + 16);
                    while (text.length() < length) {
                        text.append(random.nextInt(4) == 0 ? random.nextInt(1000) : words[random.nextInt(7)]);
                    }
                    System.arraycopy(Octets.utf8(text.toString()), 0, data, 0, length);
                }
                case NEAR -> fillWithRepetitions(data, random, 200);
                case FAR -> fillWithRepetitions(data, random, 32_000);
            }
            return data;
        }

        /** Fills data with runs of earlier bytes, up to a distance. */
        private static void fillWithRepetitions(byte[] data, Random random, int most) {
            for (int at = 0; at < data.length; ) {
                int distance = most / 2 + random.nextInt(most / 2);
                int end = Math.min(data.length, at + 20 + random.nextInt(40));
                for (; at < end; at++) {
                    data[at] = at < distance ? (byte) random.nextInt() : data[at - distance];
                }
            }
        }
    }

    static Chapter sizes() {
        Chapter chapter = new Chapter(12, "Compression: data and sizes");
        for (Data data : Data.values()) {
            int group = data.group;
            for (int i = 0; i < SIZES.length; i++) {
                int size = SIZES[i];
                String title = "eight messages of " + LimitCases.size(size) + ", " + data.words;
                add(chapter, group + "." + (i + 1), title, false, () -> messages(data, 8, ALL, size));
            }
            int number = SIZES.length + 1;
            for (int fragment : new int[] {1, 100, 1300, 20_000}) {
                int size = fragment == 1 ? 500 : 65_536;
                String title = "two messages of " + LimitCases.size(size) + ", " + data.words + ", in frames of "
                        + LimitCases.size(fragment);
                add(chapter, group + "." + number++, title, false, () -> messages(data, 2, fragment, size));
            }
            String title = "a message of 4 MiB, " + data.words;
            add(chapter, group + "." + number, title, true, () -> messages(data, 1, ALL, 4 << 20));
        }
        return chapter;
    }

    private static void add(Chapter chapter, String id, String title, boolean big, Supplier<Script> script) {
        chapter.addLong(id, title, RULE, big, new Opening.Usual(Deflate.PLAIN), script);
    }

    static Chapter parameters() {
        Chapter chapter = new Chapter(13, "Compression: parameters");
        int set = 1;
        for (int serverBits : new int[] {0, 9, 15}) {
            for (int clientBits : new int[] {0, 9, 15}) {
                for (int fresh = 0; fresh < 4; fresh++) {
                    addSet(chapter, set++, new Deflate((fresh & 1) != 0, (fresh & 2) != 0, serverBits, clientBits));
                }
            }
        }
        for (int bits : new int[] {8, 10, 11, 12, 13, 14}) {
            addSet(chapter, set++, new Deflate(false, false, bits, 0));
            addSet(chapter, set++, new Deflate(false, false, 0, bits));
            addSet(chapter, set++, new Deflate(true, true, bits, bits));
        }
        return chapter;
    }

    private static void addSet(Chapter chapter, int set, Deflate deflate) {
        Opening opening = new Opening.Usual(deflate);
        for (int i = 0; i < FEW_SIZES.length; i++) {
            int size = FEW_SIZES[i];
            String title = deflate.element().replaceFirst("permessage-deflate(; )?", "") + ": four messages of "
                    + LimitCases.size(size);
            chapter.addLong(set + "." + (i + 1), title, PARAMETERS, false, opening, () -> mixed(size));
        }
    }

    private static Script mixed(int size) {
        Script script = script();
        for (Data data : new Data[] {Data.TEXT, Data.FAR, Data.NEAR, Data.TEXT}) {
            script.echoes(data.text, data.of(size, 1)); // the same text again, so that the context helps
        }
        return script.close();
    }

    private static Script messages(Data data, int count, int fragment, int size) {
        Script script = script();
        for (int i = 0; i < count; i++) {
            script.echoes(data.text, data.of(size, i / 2), fragment, ALL);
        }
        return script.close();
    }
}
