package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;
import static dev.tenon.ws.suite.WireFrame.continuation;

import java.util.Arrays;
import java.util.List;

/** Chapter 6: valid UTF-8, and invalid text, which must fail at the first impossible byte. */
final class Utf8Cases {
    private static final String RULE = "RFC 6455 §5.6, RFC 3629";
    private static final String AT_ONCE = "RFC 6455 §8.1";
    private static final byte[] BEFORE = Octets.utf8("κόσμε");

    private static final List<String> GOOD = List.of(
            "plain",
            "κόσμε",
            "Grüße",
            "日本語のテキスト",
            "\u0000\u007F",
            "\u0080\u07FF",
            "\u0800\uD7FF\uE000\uFFFD",
            "\uFFFE\uFFFF\uFDD0\uFEFF",
            "\uD800\uDC00\uDBFF\uDFFF",
            "🪵🧩\uD83D\uDC69\u200D\uD83D\uDD2C",
            "\uD83F\uDFFE\uD83F\uDFFF\uDBBF\uDFFE\uDBFF\uDFFE",
            "a\u0300\u0301\u0302 e\u0308");

    /** Valid bytes, followed by the first impossible byte. */
    private record Bad(String title, String possible, String impossible) {}

    private static final List<Bad> BAD = List.of(
            new Bad("lone continuation 80", "", "80"),
            new Bad("lone continuation bf", "", "bf"),
            new Bad("overlong lead c0", "", "c0 80"),
            new Bad("overlong lead c1", "", "c1 bf"),
            new Bad("overlong in three bytes", "e0", "80 80"),
            new Bad("longest overlong in three bytes", "e0", "9f bf"),
            new Bad("overlong in four bytes", "f0", "80 80 80"),
            new Bad("longest overlong in four bytes", "f0", "8f bf bf"),
            new Bad("surrogate U+D800", "ed", "a0 80"),
            new Bad("surrogate U+DB7F", "ed", "ad bf"),
            new Bad("surrogate U+DC00", "ed", "b0 80"),
            new Bad("surrogate U+DFFF", "ed", "bf bf"),
            new Bad("surrogates in pairs", "ed", "a0 80 ed b0 80"),
            new Bad("beyond U+10FFFF", "f4", "90 80 80"),
            new Bad("lead f5", "", "f5 80 80 80"),
            new Bad("five bytes", "", "f8 88 80 80 80"),
            new Bad("six bytes", "", "fc 84 80 80 80 80"),
            new Bad("fe", "", "fe"),
            new Bad("ff", "", "ff"),
            new Bad("two bytes cut off by a letter", "c2", "41"),
            new Bad("three bytes cut off by a letter", "e2 82", "41"),
            new Bad("four bytes cut off by a letter", "f0 9f 92", "41"),
            new Bad("a lead after a lead", "e2", "e2 82 ac"),
            new Bad("a third continuation", "e2 82 ac", "80"));

    private static final List<String> CUT_OFF = List.of("c2", "df", "e0", "e0 a0", "ef bf", "f0", "f0 90", "f4 8f bf");

    private Utf8Cases() {}

    static Chapter chapter() {
        Chapter chapter = new Chapter(6, "UTF-8");
        chapter.add(
                "1.1", "empty text", RULE, script().echoes(true, new byte[0]).close());
        for (int i = 0; i < GOOD.size(); i++) {
            addGood(chapter, i + 1, Octets.utf8(GOOD.get(i)));
        }
        for (int i = 0; i < BAD.size(); i++) {
            addBad(chapter, i + 1, BAD.get(i));
        }
        for (int i = 0; i < CUT_OFF.size(); i++) {
            addCutOff(chapter, i + 1, Octets.join(BEFORE, Octets.hex(CUT_OFF.get(i))));
        }
        return chapter;
    }

    private static void addGood(Chapter chapter, int number, byte[] text) {
        String title = "valid: " + Octets.dump(text, 12);
        int all = Integer.MAX_VALUE;
        chapter.add("2." + number, title, RULE, script().echoes(true, text).close());
        chapter.add(
                "3." + number,
                title + ", one byte a frame",
                RULE,
                script().echoes(true, text, 1, all).close());
        chapter.add(
                "4." + number,
                title + ", one byte a write",
                RULE,
                script().echoes(true, text, all, 1).close());
        Script everySplit = script();
        for (int at = 1; at < text.length; at++) {
            everySplit
                    .send(
                            WireFrame.of(Opcodes.TEXT, Arrays.copyOf(text, at)).notFinal(),
                            WireFrame.of(Opcodes.CONTINUATION, Arrays.copyOfRange(text, at, text.length)))
                    .expectText(text);
        }
        chapter.add("5." + number, title + ", two frames cut at every byte", RULE, everySplit.close());
    }

    private static void addBad(Chapter chapter, int number, Bad bad) {
        byte[] possible = Octets.join(BEFORE, Octets.hex(bad.possible));
        byte[] impossible = Octets.hex(bad.impossible);
        byte[] rest = Octets.utf8(" and what follows");
        WireFrame whole = WireFrame.of(Opcodes.TEXT, Octets.join(possible, impossible, rest));
        chapter.add("6." + number, bad.title, RULE, script().send(whole).fails(1007));
        chapter.add(
                "7." + number,
                bad.title + ", one byte a write",
                RULE,
                script().sendInChunks(1, whole).fails(1007));
        chapter.add(
                "8." + number,
                bad.title + " in the second of three frames",
                AT_ONCE,
                script().send(WireFrame.of(Opcodes.TEXT, possible).notFinal())
                        .send(WireFrame.of(Opcodes.CONTINUATION, Arrays.copyOf(impossible, 1))
                                .notFinal())
                        .failsAlready(1007)
                        .send(continuation("end"))
                        .fails(1007));
        int fatal = possible.length + 1;
        chapter.add(
                "9." + number,
                bad.title + ", before the frame has ended",
                AT_ONCE,
                script().sendBegin(whole, fatal)
                        .failsAlready(1007)
                        .sendRest(whole, fatal)
                        .fails(1007));
    }

    private static void addCutOff(Chapter chapter, int number, byte[] text) {
        WireFrame frame = WireFrame.of(Opcodes.TEXT, text);
        chapter.add(
                "10." + number,
                "ends within a code point: " + Octets.dump(text),
                RULE,
                script().send(frame).fails(1007));
        chapter.add(
                "11." + number,
                "the same, with an empty last frame",
                RULE,
                script().send(frame.notFinal(), continuation("")).fails(1007));
    }
}
