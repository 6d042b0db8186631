package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;
import static dev.tenon.ws.suite.WireFrame.close;
import static dev.tenon.ws.suite.WireFrame.ping;
import static dev.tenon.ws.suite.WireFrame.text;

import java.util.Arrays;

/** Chapter 7: the closing handshake, codes and reasons. */
final class CloseCases {
    private static final String CLOSE = "RFC 6455 §5.5.1";
    private static final String CODES = "RFC 6455 §7.4";
    private static final int[] GOOD = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999};
    private static final int[] REGISTERED_LATER = {1012, 1013, 1014};
    private static final int[] BAD = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32_768, 65_535};

    private CloseCases() {}

    static Chapter chapter() {
        Chapter chapter = new Chapter(7, "Closing");
        handshake(chapter);
        payloads(chapter);
        codes(chapter);
        return chapter;
    }

    private static void handshake(Chapter chapter) {
        WireFrame bye = close(1000, "bye");
        chapter.add(
                "1.1",
                "echo, then close",
                CLOSE,
                script().echoes(true, Octets.utf8("Hello")).close());
        chapter.add("1.2", "two Close frames", CLOSE, script().send(bye, bye).closes(1000));
        chapter.add(
                "1.3",
                "a ping after Close is not answered",
                CLOSE,
                script().send(bye, ping("late")).closes(1000));
        chapter.add(
                "1.4",
                "text after Close is not answered",
                CLOSE,
                script().send(bye, text("late")).closes(1000));
        chapter.add(
                "1.5",
                "Close within a message, the message ends after it",
                CLOSE,
                script().send(text("a").notFinal(), bye, WireFrame.continuation("b"))
                        .closes(1000));
        chapter.add(
                "1.6",
                "256 KiB before Close all come back",
                CLOSE,
                script().send(WireFrame.binary(new byte[256 << 10]), bye)
                        .expectBinary(new byte[256 << 10])
                        .closes(1000));
        chapter.add(
                "1.7",
                "ten messages before Close all come back",
                CLOSE,
                tenMessages().send(close(1000, "")).closes(1000));
        chapter.add(
                "1.8",
                "Close, one byte a write",
                CLOSE,
                script().sendInChunks(1, bye).closes(1000));
        chapter.add(
                "1.9",
                "broken frames after Close do no harm",
                CLOSE,
                script().send(bye, text("late").rsv(7), WireFrame.of(15, new byte[1]))
                        .closes(1000));
    }

    private static Script tenMessages() {
        WireFrame[] frames = new WireFrame[10];
        Script script = script();
        Arrays.setAll(frames, i -> text("message " + i));
        script.send(frames);
        for (int i = 0; i < frames.length; i++) {
            script.expectText("message " + i);
        }
        return script;
    }

    private static void payloads(Chapter chapter) {
        byte[] code = WireFrame.code(1000);
        chapter.add("3.1", "Close without code", CLOSE, payload(new byte[0]).closes(1005, 1000));
        chapter.add("3.2", "half a code", CLOSE, payload(new byte[] {3}).fails(1002));
        chapter.add("3.3", "code without reason", CLOSE, payload(code).closes(1000));
        chapter.add(
                "3.4",
                "a reason",
                CLOSE,
                script().send(close(1000, "Hello, Grüße")).closes(1000));
        chapter.add(
                "3.5",
                "the longest reason",
                CLOSE,
                payload(reason("*".repeat(123))).closes(1000));
        chapter.add(
                "3.6",
                "a reason of 124 bytes",
                "RFC 6455 §5.5",
                payload(reason("*".repeat(124))).fails(1002));
        chapter.add(
                "3.7",
                "too long a Close: the header is enough",
                "RFC 6455 §5.5",
                script().failsOnHeader(WireFrame.of(Opcodes.CLOSE, reason("*".repeat(124))), 1002));
        int number = 1;
        for (String bad : new String[] {"c0 80", "ed a0 80", "ff", "e2 82", "41 80"}) {
            byte[] reason = Octets.join(code, Octets.utf8("why "), Octets.hex(bad));
            chapter.add(
                    "4." + number++,
                    "a reason that is not UTF-8: " + bad,
                    CLOSE,
                    payload(reason).fails(1007, 1002));
        }
    }

    private static byte[] reason(String reason) {
        return Octets.join(WireFrame.code(1000), Octets.utf8(reason));
    }

    private static Script payload(byte[] payload) {
        return script().send(WireFrame.of(Opcodes.CLOSE, payload));
    }

    private static void codes(Chapter chapter) {
        int number = 1;
        for (int code : GOOD) {
            chapter.add(
                    "7." + number++,
                    "code " + code,
                    CODES,
                    script().send(close(code, "")).closes(code));
        }
        number = 1;
        for (int code : REGISTERED_LATER) {
            chapter.add(
                    "8." + number++,
                    "code " + code,
                    "IANA registry",
                    script().send(close(code, "")).closesOrFails());
        }
        number = 1;
        for (int code : BAD) {
            chapter.add(
                    "9." + number++,
                    "code " + code,
                    CODES,
                    script().send(close(code, "")).fails(1002));
            chapter.add(
                    "9." + number++,
                    "code " + code + " with a reason",
                    CODES,
                    script().send(close(code, "why")).fails(1002));
        }
    }
}
