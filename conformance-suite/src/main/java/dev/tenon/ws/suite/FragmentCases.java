package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;
import static dev.tenon.ws.suite.WireFrame.continuation;
import static dev.tenon.ws.suite.WireFrame.ping;
import static dev.tenon.ws.suite.WireFrame.text;

/** Chapter 5: messages in several frames, and control frames between them. */
final class FragmentCases {
    private static final String FRAGMENTS = "RFC 6455 §5.4";
    private static final String CONTROL = "RFC 6455 §5.5";

    private FragmentCases() {}

    static Chapter chapter() {
        Chapter chapter = new Chapter(5, "Fragmentation");
        valid(chapter);
        interleaved(chapter);
        invalid(chapter);
        return chapter;
    }

    private static void valid(Chapter chapter) {
        WireFrame begin = text("fragment1").notFinal();
        WireFrame end = continuation("fragment2");
        chapter.add("1.1", "text in two frames", FRAGMENTS, echo("fragment1fragment2", 9999, begin, end));
        chapter.add("1.2", "the same, one byte a write", FRAGMENTS, echo("fragment1fragment2", 1, begin, end));
        WireFrame none = continuation("").notFinal();
        chapter.add("1.3", "empty frames between", FRAGMENTS, echo("fragment1fragment2", 9999, begin, none, none, end));
        chapter.add("1.4", "an empty first frame", FRAGMENTS, echo("b", 9999, text("").notFinal(), continuation("b")));
        chapter.add(
                "1.5",
                "an empty last frame",
                FRAGMENTS,
                echo("a", 9999, text("a").notFinal(), continuation("")));
        chapter.add(
                "1.6",
                "nothing but empty frames",
                FRAGMENTS,
                echo("", 9999, text("").notFinal(), none, continuation("")));
        chapter.add(
                "1.7",
                "binary, one byte a frame",
                FRAGMENTS,
                script().echoes(false, Octets.hex("00ff80c07f0d0a00"), 1, Integer.MAX_VALUE)
                        .close());
        chapter.add(
                "1.8",
                "one message after another",
                FRAGMENTS,
                script().send(begin, end, text("whole"), begin, end)
                        .expectText("fragment1fragment2")
                        .expectText("whole")
                        .expectText("fragment1fragment2")
                        .close());
    }

    private static Script echo(String text, int chunkLength, WireFrame... frames) {
        return script().sendInChunks(chunkLength, frames).expectText(text).close();
    }

    private static void interleaved(Chapter chapter) {
        WireFrame begin = text("fragment1").notFinal();
        WireFrame middle = continuation("fragment2").notFinal();
        chapter.add(
                "2.1",
                "a ping between: its pong does not wait for the message",
                FRAGMENTS,
                script().send(begin, ping("between"))
                        .expectPong("between")
                        .send(continuation("fragment2"))
                        .expectText("fragment1fragment2")
                        .close());
        chapter.add(
                "2.2",
                "the same in one write",
                FRAGMENTS,
                script().send(begin, ping("between"), continuation("fragment2"))
                        .expectPong("between")
                        .expectText("fragment1fragment2")
                        .close());
        chapter.add(
                "2.3",
                "the same, one byte a write",
                FRAGMENTS,
                script().sendInChunks(1, begin, ping("between"), continuation("fragment2"))
                        .expectPong("between")
                        .expectText("fragment1fragment2")
                        .close());
        chapter.add(
                "2.4",
                "a ping behind each of four frames",
                FRAGMENTS,
                script().send(begin, ping("one"))
                        .expectPong("one")
                        .send(middle, ping("two"))
                        .expectPong("two")
                        .send(middle, ping("three"))
                        .expectPong("three")
                        .send(continuation("."))
                        .expectText("fragment1fragment2fragment2.")
                        .close());
        chapter.add(
                "2.5",
                "an unsolicited pong between",
                FRAGMENTS,
                script().send(begin, WireFrame.pong("unasked"), continuation("."))
                        .expectText("fragment1.")
                        .close());
        chapter.add(
                "2.6",
                "a Close frame between",
                "RFC 6455 §5.5.1",
                script().send(begin).close());
    }

    private static void invalid(Chapter chapter) {
        WireFrame begin = text("begin").notFinal();
        WireFrame lone = continuation("lone");
        int number = 1;
        for (WireFrame control : new WireFrame[] {ping("half"), WireFrame.pong("half"), WireFrame.close(1000, "")}) {
            WireFrame half = control.notFinal();
            chapter.add(
                    "3." + number++,
                    "fragmented: " + half.describe(),
                    CONTROL,
                    script().send(half)
                            .failsAlready(1002)
                            .send(continuation(""))
                            .fails(1002));
            chapter.add(
                    "3." + number++,
                    "fragmented, the header is enough: " + half.describe(),
                    CONTROL,
                    script().failsOnHeader(half, 1002));
        }
        chapter.add(
                "4.1",
                "a continuation of nothing",
                FRAGMENTS,
                script().send(lone, text("after")).fails(1002));
        chapter.add("4.2", "a continuation of nothing, not final", FRAGMENTS, unfinished(lone.notFinal()));
        chapter.add(
                "4.3",
                "a continuation of nothing, empty and not final",
                FRAGMENTS,
                unfinished(continuation("").notFinal()));
        chapter.add(
                "4.4",
                "a continuation after a whole message",
                FRAGMENTS,
                script().send(text("whole"), lone).expectText("whole").fails(1002));
        chapter.add(
                "4.5",
                "a continuation after a fragmented message",
                FRAGMENTS,
                script().send(begin, continuation("."), lone)
                        .expectText("begin.")
                        .fails(1002));
        chapter.add(
                "5.1",
                "a text within a message",
                FRAGMENTS,
                script().send(begin, text("new")).fails(1002));
        chapter.add(
                "5.2",
                "a binary within a message",
                FRAGMENTS,
                script().send(begin, WireFrame.binary(new byte[3])).fails(1002));
        chapter.add(
                "5.3",
                "a fragmented text within a message",
                FRAGMENTS,
                script().send(begin, begin)
                        .failsAlready(1002)
                        .send(continuation("end"))
                        .fails(1002));
        chapter.add(
                "5.4",
                "a text within a message, one byte a write",
                FRAGMENTS,
                script().sendInChunks(1, begin, text("new")).fails(1002));
    }

    private static Script unfinished(WireFrame frame) {
        return script().send(frame).failsAlready(1002).send(continuation("end")).fails(1002);
    }
}
