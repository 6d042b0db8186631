package dev.tenon.ws.suite;

import dev.tenon.ws.suite.StreamOpening.Action;

/** The cases that the chapters about streams of HTTP/2 and of HTTP/3 have in common. For servers. */
final class SharedStreamCases {
    private static final WireFrame HELLO = WireFrame.text("Hello");

    private SharedStreamCases() {}

    /** Adds a case to a chapter. */
    interface Adder {
        void add(String id, String title, String rule, String expectation, Action<CaseStream> action);
    }

    /** Case 1.4 of the chapter. */
    static void addEarlyMessage(Adder chapter, String rule) {
        String title = "a message behind the request, before the response";
        chapter.add("1.4", title, rule, "the message back", stream -> {
            stream.ask(stream.request(), false);
            stream.send(HELLO);
            Handshake.rule(stream.status() / 100 == 2, "the request is refused");
            stream.expectText("Hello");
        });
    }

    /** Cases 4.1 to 4.3 of the chapter: several streams of one connection. */
    static void addSiblings(Adder chapter, String rule, String refusalRule, String stillUsable) {
        chapter.add("4.1", "two WebSockets of one connection", rule, "the messages of each", stream -> {
            stream.open();
            CaseStream other = stream.another().open();
            other.send(WireFrame.text("other"));
            stream.send(HELLO);
            stream.expectText("Hello");
            other.expectText("other");
        });
        String broken = "one breaks the rules, the other does not";
        chapter.add("4.2", broken, "RFC 6455 §7.1.7", "1002; " + stillUsable, stream -> {
            stream.open();
            CaseStream other = stream.another().open();
            stream.send(HELLO.rsv(1));
            stream.expectClose(1002);
            other.send(HELLO);
            other.expectText("Hello");
        });
        String refused = "a request that is refused leaves the connection";
        chapter.add("4.3", refused, refusalRule, stillUsable, stream -> {
            stream.ask(StreamRequestCases.set(stream.request(), ":protocol", "connect-nothing"), false);
            Handshake.rule(stream.status() / 100 != 2, "the server accepts it");
            stream.expectLife();
        });
    }
}
