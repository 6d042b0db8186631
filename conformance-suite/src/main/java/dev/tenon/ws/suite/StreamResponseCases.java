package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import dev.tenon.ws.suite.StreamOpening.Action;
import dev.tenon.ws.suite.StreamOpening.StreamActions;
import dev.tenon.ws.suite.StreamResponses.BadResponse;
import dev.tenon.ws.suite.StreamResponses.GoodResponse;
import java.util.ArrayList;
import java.util.List;

/** Chapter 22: responses of HTTP/2 that a client must refuse, and unusual ones that it must accept. */
final class StreamResponseCases {
    private static final String CONNECT = "RFC 9110 §9.3.6";
    private static final String MALFORMED = "RFC 9113 §8.1.1";
    private static final Script ECHO =
            script().echoes(true, Octets.utf8("Hello")).close();

    private final Chapter chapter = new Chapter(22, "HTTP/2: responses");

    private StreamResponseCases() {}

    static Chapter chapter() {
        StreamResponseCases cases = new StreamResponseCases();
        cases.good();
        cases.refusals();
        cases.malformed();
        cases.agreements();
        cases.ends();
        return cases.chapter;
    }

    /** A head, of names and values in turn. */
    private static List<Field> head(String... namesAndValues) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return fields;
    }

    private void take(String title, String rule, List<Field> head) {
        take(title, rule, new GoodResponse(List.of(head)));
    }

    private void take(String title, String rule, GoodResponse opening) {
        chapter.add("1." + (chapter.count("1.") + 1), title, rule, opening, ECHO);
    }

    private void refuse(String group, String title, String rule, List<Field> head) {
        chapter.add(group + (chapter.count(group) + 1), title, rule, new BadResponse(head), script());
    }

    private void end(String title, String rule, String expectation, Action<Http2CaseStream> action) {
        chapter.add("5." + (chapter.count("5.") + 1), title, rule, new StreamActions(expectation, action), script());
    }

    private void good() {
        take("the usual response", "RFC 8441 §5", head(":status", "200"));
        take("another status of 2xx", CONNECT, head(":status", "201"));
        take("unknown fields", "RFC 9110 §5.1", head(":status", "200", "x-unknown", "a, b; c", "x-empty", ""));
        take(
                "behind an interim response",
                "RFC 9110 §15.2",
                new GoodResponse(List.of(head(":status", "103", "link", "</a>"), head(":status", "200"))));
        take("a Content-Length, which is ignored", CONNECT, head(":status", "200", "content-length", "0"));
    }

    private void refusals() {
        for (String status : new String[] {"301", "400", "401", "403", "404", "426", "500", "501", "503"}) {
            refuse("2.", "status " + status, "RFC 8441 §5", head(":status", status));
        }
        refuse("2.", "status 101", "RFC 9113 §8.6", head(":status", "101"));
    }

    private void malformed() {
        refuse("3.", "no :status", MALFORMED, head("x-status", "200"));
        refuse("3.", "two of :status", "RFC 9113 §8.3", head(":status", "200", ":status", "200"));
        refuse("3.", "a status that is no number", MALFORMED, head(":status", "OK"));
        refuse("3.", "a pseudo-header behind a field", "RFC 9113 §8.3", head("x-first", "a", ":status", "200"));
        refuse("3.", "a pseudo-header of requests", "RFC 9113 §8.3", head(":status", "200", ":path", "/"));
        refuse("3.", "a name in upper case", "RFC 9113 §8.2.1", head(":status", "200", "X-Upper", "a"));
        refuse("3.", "connection: Upgrade", "RFC 9113 §8.2.2", head(":status", "200", "connection", "Upgrade"));
        refuse("3.", "upgrade: websocket", "RFC 9113 §8.2.2", head(":status", "200", "upgrade", "websocket"));
        refuse("3.", "LF in a value", "RFC 9113 §8.2.1", head(":status", "200", "x", "a\nb"));
    }

    private void agreements() {
        refuse(
                "4.",
                "a subprotocol that was not offered",
                "RFC 6455 §4.1",
                head(":status", "200", "sec-websocket-protocol", "surprise"));
        for (String element :
                new String[] {"x-unknown", "permessage-deflate; unknown", "permessage-deflate; server_max_window_bits=7"
                }) {
            refuse(
                    "4.",
                    "agrees on " + element,
                    "RFC 6455 §9.1, RFC 7692 §7.1",
                    head(":status", "200", "sec-websocket-extensions", element));
        }
    }

    private void ends() {
        String endOfStream = "the end of the stream";
        end("RST_STREAM in place of the response", "RFC 9113 §5.4.2", endOfStream, stream -> {
            stream.frame(Http2Frame.RST_STREAM, 0, new byte[] {0, 0, 0, Http2Frame.CANCEL});
            stream.expectLife();
        });
        end("END_STREAM in place of the response", MALFORMED, endOfStream, stream -> {
            stream.frame(Http2Frame.DATA, Http2Frame.END_STREAM, new byte[0]);
            stream.expectEnd();
        });
        end("END_STREAM in the response", "RFC 8441 §5", endOfStream, stream -> {
            stream.ask(head(":status", "200"), true);
            stream.expectEnd();
        });
        end("a message before the response", MALFORMED, "the end of the stream, without a frame", stream -> {
            stream.send(WireFrame.text("early"));
            Handshake.rule(!stream.allText().contains("early"), "the client echoes what came before the response");
        });
        end("a pushed stream", "RFC 9113 §8.4", "an error PROTOCOL_ERROR", stream -> {
            stream.open().frame(Http2Frame.PUSH_PROMISE, Http2Frame.END_HEADERS, new byte[] {0, 0, 0, 2});
            stream.expectError("PROTOCOL_ERROR");
        });
    }
}
