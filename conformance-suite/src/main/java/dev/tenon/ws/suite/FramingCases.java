package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import java.util.Arrays;

/** Chapter 1: payload lengths on both sides of every boundary of the length field. */
final class FramingCases {
    private static final String RULE = "RFC 6455 §5.2";
    private static final int[] LENGTHS = {0, 1, 2, 125, 126, 127, 128, 255, 256, 65_535, 65_536, 65_537};

    private FramingCases() {}

    static Chapter chapter() {
        Chapter chapter = new Chapter(1, "Framing");
        for (boolean text : new boolean[] {true, false}) {
            String group = text ? "1." : "2.";
            int number = 1;
            for (int length : LENGTHS) {
                String title = (text ? "text" : "binary") + " message of " + length + " bytes";
                chapter.add(
                        group + number++,
                        title,
                        RULE,
                        script().echoes(text, payload(text, length)).close());
            }
            chapter.add(
                    group + number++,
                    (text ? "text" : "binary") + " message of 65,536 bytes in writes of 997 bytes",
                    RULE,
                    script().echoes(text, payload(text, 65_536), Integer.MAX_VALUE, 997)
                            .close());
            chapter.add(
                    group + number,
                    (text ? "text" : "binary") + " messages of 0, 1 and 200 bytes, one byte a write",
                    RULE,
                    script().echoes(text, payload(text, 0), Integer.MAX_VALUE, 1)
                            .echoes(text, payload(text, 1), Integer.MAX_VALUE, 1)
                            .echoes(text, payload(text, 200), Integer.MAX_VALUE, 1)
                            .close());
        }
        return chapter;
    }

    static byte[] payload(boolean text, int length) {
        byte[] payload = new byte[length];
        Arrays.fill(payload, text ? (byte) '*' : (byte) 0xFE);
        return payload;
    }
}
