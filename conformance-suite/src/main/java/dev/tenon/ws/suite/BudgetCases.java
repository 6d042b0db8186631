package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import java.util.ArrayList;
import java.util.List;

/**
 * Chapter 19: limits of the peer. Cases about a limit that the peer has not declared are skipped.
 */
final class BudgetCases {
    private static final String RULE = "RFC 6455 §10.4";
    private static final int PINGS = 5_000;

    private BudgetCases() {}

    static Chapter chapter(Side peer, Settings settings) {
        Chapter chapter = new Chapter(19, "Budgets");
        long most = settings.maxMessage();
        if (most == 0) {
            Script skipped = script().skip("the peer has not declared its longest message");
            chapter.add("1.1", "a frame that is one byte too long", RULE, skipped);
            chapter.add("1.2", "fragments that are one byte too long in all", RULE, skipped);
        } else {
            byte[] tooLong = FramingCases.payload(false, Math.toIntExact(most + 1));
            chapter.add(
                    "1.1",
                    "a frame of " + tooLong.length + " bytes: the header is enough",
                    RULE,
                    script().failsOnHeader(WireFrame.binary(tooLong), 1009));
            List<WireFrame> halves = List.of(
                    WireFrame.binary(new byte[tooLong.length - 1]).notFinal(),
                    WireFrame.of(Opcodes.CONTINUATION, new byte[1]).notFinal());
            chapter.add(
                    "1.2",
                    tooLong.length + " bytes in two frames, and no last one",
                    RULE,
                    script().send(halves)
                            .failsAlready(1009)
                            .send(WireFrame.continuation(""))
                            .fails(1009));
        }
        chapter.addLong(
                "2.1",
                "more fragments than the peer has declared to take",
                RULE,
                false,
                new Opening.Usual(null),
                () -> tooManyFragments(settings.maxFragments()));
        chapter.add(
                "3.1",
                PINGS + " pings at once: answers, if only to the last, or 1008",
                RULE,
                script().send(PingCases.pings(PINGS))
                        .send(WireFrame.text("after"))
                        .echoOrFails(1008));
        String endless = peer == Side.SERVER ? "82ff4000000000000000 00000000" : "827f4000000000000000";
        chapter.add(
                "4.1",
                "the header of a frame of 2^62 bytes",
                RULE,
                script().raw(Octets.hex(endless), "the header of a binary frame of 2^62 bytes")
                        .echoOrFails(1009));
        return chapter;
    }

    private static Script tooManyFragments(int most) {
        return most == 0
                ? script().skip("the peer has not declared the most fragments of a message")
                : script().send(fragments(Math.addExact(most, 1)))
                        .failsAlready(1008)
                        .send(WireFrame.continuation(""))
                        .fails(1008);
    }

    private static List<WireFrame> fragments(int count) {
        List<WireFrame> fragments = new ArrayList<>();
        fragments.add(WireFrame.text("*").notFinal());
        for (int i = 1; i < count; i++) {
            fragments.add(WireFrame.continuation("*").notFinal());
        }
        return fragments;
    }
}
