package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;
import static dev.tenon.ws.suite.WireFrame.ping;
import static dev.tenon.ws.suite.WireFrame.text;

import dev.tenon.ws.suite.WireFrame.Length;

/** Chapters 15 and 16: masks and lengths, which other suites do not test. */
final class HeaderCases {
    private static final String MASK = "RFC 6455 §5.1";
    private static final String LENGTH = "RFC 6455 §5.2";

    private HeaderCases() {}

    static Chapter masks(Side peer) {
        Chapter chapter = new Chapter(15, peer == Side.SERVER ? "Masks: frames without one" : "Masks");
        WireFrame[] frames = {
            text("bad"),
            WireFrame.binary(new byte[300]),
            ping("bad"),
            WireFrame.pong("bad"),
            WireFrame.close(1000, ""),
            text("")
        };
        String wrong = peer == Side.SERVER ? "unmasked: " : "masked: ";
        for (int i = 0; i < frames.length; i++) {
            WireFrame bad = frames[i].wronglyMasked();
            String title = wrong + frames[i].describe();
            chapter.add(
                    "1." + (i + 1),
                    title,
                    MASK,
                    script().send(text("before"), bad).expectText("before").fails(1002));
            if (bad.payload().length > 0) {
                chapter.add("2." + (i + 1), title + ": the header is enough", MASK, script().failsOnHeader(bad, 1002));
            }
        }
        chapter.add(
                "3.1",
                wrong + "a continuation of a message that is not",
                MASK,
                script().send(
                                text("begin").notFinal(),
                                WireFrame.continuation("bad").wronglyMasked())
                        .fails(1002));
        if (peer == Side.CLIENT) {
            Script echoes = script();
            for (int i = 0; i < 8; i++) {
                echoes.echoes(true, Octets.utf8("the same message"));
            }
            chapter.add(
                    "4.1",
                    "eight messages have masking keys of their own",
                    "RFC 6455 §5.3",
                    echoes.freshKeys().close());
        }
        return chapter;
    }

    static Chapter lengths() {
        Chapter chapter = new Chapter(16, "Lengths");
        WireFrame[] frames = {
            text("").length(Length.SIXTEEN_BITS),
            text("Hello").length(Length.SIXTEEN_BITS),
            text("*".repeat(125)).length(Length.SIXTEEN_BITS),
            text("Hello").length(Length.SIXTY_FOUR_BITS),
            text("*".repeat(126)).length(Length.SIXTY_FOUR_BITS),
            text("*".repeat(65_535)).length(Length.SIXTY_FOUR_BITS),
            ping("Hello").length(Length.SIXTEEN_BITS),
            ping("Hello").length(Length.SIXTY_FOUR_BITS),
            WireFrame.close(1000, "").length(Length.SIXTEEN_BITS)
        };
        for (int i = 0; i < frames.length; i++) {
            String title = "not minimal: " + frames[i].describe();
            chapter.add("1." + (i + 1), title, LENGTH, script().send(frames[i]).fails(1002));
            if (frames[i].payload().length > 0) {
                chapter.add(
                        "2." + (i + 1),
                        title + ", the header is enough",
                        LENGTH,
                        script().failsOnHeader(frames[i], 1002));
            }
        }
        int number = 1;
        for (WireFrame frame : new WireFrame[] {text("Hello"), WireFrame.binary(new byte[9]), ping("Hello")}) {
            WireFrame bad = frame.length(Length.TOP_BIT);
            chapter.add(
                    "3." + number++,
                    "the top bit of a 64-bit length: " + frame.describe(),
                    LENGTH,
                    script().sendBegin(bad, 0).failsAlready(1002, 1009).fails(1002, 1009));
        }
        number = 1;
        for (int opcode : new int[] {Opcodes.PING, Opcodes.PONG, Opcodes.CLOSE}) {
            for (int length : new int[] {126, 65_536}) {
                WireFrame bad = WireFrame.of(opcode, FramingCases.payload(true, length));
                chapter.add(
                        "4." + number++,
                        "a control frame is too long, the header is enough: " + bad.describe(),
                        "RFC 6455 §5.5",
                        script().failsOnHeader(bad, 1002));
            }
        }
        return chapter;
    }
}
