package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;
import static dev.tenon.ws.suite.WireFrame.ping;
import static dev.tenon.ws.suite.WireFrame.text;

import java.util.List;

/** Chapters 3 and 4: reserved bits and reserved opcodes, which fail the connection without losing earlier messages. */
final class ReservedCases {
    private static final String RULE = "RFC 6455 §5.2";
    private static final int[] OPCODES = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15};

    private ReservedCases() {}

    static Chapter bits() {
        Chapter chapter = new Chapter(3, "Reserved bits");
        for (int bits = 1; bits <= 7; bits++) {
            String names = text("").rsv(bits).describe();
            chapter.add(
                    "1." + bits,
                    "text with reserved bits: " + names,
                    RULE,
                    alone(text("bad").rsv(bits)));
            chapter.add(
                    "2." + bits,
                    "the same between messages",
                    RULE,
                    between(text("bad").rsv(bits)));
        }
        List<WireFrame> others = List.of(
                WireFrame.binary(Octets.utf8("bad")), ping("bad"), WireFrame.pong("bad"), WireFrame.close(1000, ""));
        int number = 1;
        for (WireFrame frame : others) {
            for (int bits : new int[] {4, 2, 1}) {
                WireFrame bad = frame.rsv(bits);
                chapter.add("3." + number++, "reserved bit on a " + bad.describe(), RULE, between(bad));
            }
        }
        chapter.add(
                "4.1",
                "reserved bit on a continuation",
                RULE,
                script().send(
                                text("begin").notFinal(),
                                WireFrame.continuation("bad").rsv(4))
                        .fails(1002));
        chapter.add(
                "4.2",
                "reserved bit, one byte a write",
                RULE,
                script().sendInChunks(1, text("before"), text("bad").rsv(2))
                        .expectText("before")
                        .fails(1002));
        chapter.add(
                "4.3",
                "reserved bit: the header is enough",
                RULE,
                script().failsOnHeader(text("bad").rsv(4), 1002));
        return chapter;
    }

    static Chapter opcodes() {
        Chapter chapter = new Chapter(4, "Reserved opcodes");
        for (int opcode : OPCODES) {
            WireFrame empty = WireFrame.of(opcode, new byte[0]);
            WireFrame bad = WireFrame.of(opcode, Octets.utf8("reserved"));
            chapter.add(opcode + ".1", "opcode " + opcode + ", empty", RULE, alone(empty));
            chapter.add(opcode + ".2", "opcode " + opcode + " with payload, between messages", RULE, between(bad));
            chapter.add(
                    opcode + ".3",
                    "opcode " + opcode + " within a message",
                    RULE,
                    script().send(text("begin").notFinal(), bad).fails(1002));
            chapter.add(
                    opcode + ".4",
                    "opcode " + opcode + ": the header is enough",
                    RULE,
                    script().failsOnHeader(bad, 1002));
        }
        return chapter;
    }

    private static Script alone(WireFrame bad) {
        return script().send(bad).fails(1002);
    }

    private static Script between(WireFrame bad) {
        return script().send(text("before"), bad, ping("after"), text("after"))
                .expectText("before")
                .fails(1002);
    }
}
