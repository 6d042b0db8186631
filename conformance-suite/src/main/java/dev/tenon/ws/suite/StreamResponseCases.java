package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import dev.tenon.ws.suite.StreamOpening.Action;
import dev.tenon.ws.suite.StreamOpening.Http3StreamActions;
import dev.tenon.ws.suite.StreamOpening.StreamActions;
import dev.tenon.ws.suite.StreamResponses.BadResponse;
import dev.tenon.ws.suite.StreamResponses.GoodResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * Chapters 22 and 25: responses of HTTP/2 and HTTP/3 that a client must refuse, and unusual ones that it must accept.
 * Both chapters have the same numbers for the same cases.
 */
final class StreamResponseCases {
    private static final String CONNECT = "RFC 9110 §9.3.6";
    private static final String END_OF_STREAM = "the end of the stream";
    private static final Script ECHO =
            script().echoes(true, Octets.utf8("Hello")).close();

    private final StreamRules rules;
    private final Chapter chapter;

    private StreamResponseCases(StreamRules rules) {
        this.rules = rules;
        chapter = new Chapter(rules.responses(), rules.version() + ": responses");
        good();
        refusals();
        malformed();
        agreements();
    }

    static Chapter http2() {
        StreamResponseCases cases = new StreamResponseCases(StreamRules.HTTP_2);
        cases.http2Ends();
        return cases.chapter;
    }

    static Chapter http3() {
        StreamResponseCases cases = new StreamResponseCases(StreamRules.HTTP_3);
        cases.http3Ends();
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

    private void end(String title, String rule, StreamOpening.Actions actions) {
        chapter.add("5." + (chapter.count("5.") + 1), title, rule, actions, script());
    }

    private void http2End(String title, String rule, String expectation, Action<Http2CaseStream> action) {
        end(title, rule, new StreamActions(expectation, action));
    }

    private void http3End(String title, String rule, Action<Http3CaseStream> action) {
        end(title, rule, new Http3StreamActions(END_OF_STREAM, action));
    }

    private void good() {
        take("the usual response", rules.webSocket(), head(":status", "200"));
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
            refuse("2.", "status " + status, rules.webSocket(), head(":status", status));
        }
        refuse("2.", "status 101", rules.upgrade(), head(":status", "101"));
    }

    private void malformed() {
        refuse("3.", "no :status", rules.malformed(), head("x-status", "200"));
        refuse("3.", "two of :status", rules.pseudoHeaders(), head(":status", "200", ":status", "200"));
        refuse("3.", "a status that is no number", rules.malformed(), head(":status", "OK"));
        refuse("3.", "a pseudo-header behind a field", rules.pseudoHeaders(), head("x-first", "a", ":status", "200"));
        refuse("3.", "a pseudo-header of requests", rules.pseudoHeaders(), head(":status", "200", ":path", "/"));
        refuse("3.", "a name in upper case", rules.fieldNames(), head(":status", "200", "X-Upper", "a"));
        refuse("3.", "connection: Upgrade", rules.connectionFields(), head(":status", "200", "connection", "Upgrade"));
        refuse("3.", "upgrade: websocket", rules.connectionFields(), head(":status", "200", "upgrade", "websocket"));
        refuse("3.", "LF in a value", rules.fieldNames(), head(":status", "200", "x", "a\nb"));
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

    private void http2Ends() {
        http2End("RST_STREAM in place of the response", "RFC 9113 §5.4.2", END_OF_STREAM, stream -> {
            stream.frame(Http2Frame.RST_STREAM, 0, new byte[] {0, 0, 0, Http2Frame.CANCEL});
            stream.expectLife();
        });
        http2End("END_STREAM in place of the response", rules.malformed(), END_OF_STREAM, stream -> {
            stream.frame(Http2Frame.DATA, Http2Frame.END_STREAM, new byte[0]);
            stream.expectEnd();
        });
        http2End("END_STREAM in the response", rules.webSocket(), END_OF_STREAM, stream -> {
            stream.ask(head(":status", "200"), true);
            stream.expectEnd();
        });
        http2End(
                "a message before the response",
                rules.malformed(),
                "the end of the stream, without a frame",
                stream -> {
                    stream.send(WireFrame.text("early"));
                    Handshake.rule(
                            !stream.allText().contains("early"), "the client echoes what came before the response");
                });
        http2End("a pushed stream", "RFC 9113 §8.4", "an error PROTOCOL_ERROR", stream -> {
            stream.open().frame(Http2Frame.PUSH_PROMISE, Http2Frame.END_HEADERS, new byte[] {0, 0, 0, 2});
            stream.expectError("PROTOCOL_ERROR");
        });
    }

    /** A message before the response and a push are in chapter 24. */
    private void http3Ends() {
        http3End("a reset in place of the response", "RFC 9114 §4.1.1", stream -> {
            stream.cancel();
            stream.expectEnd();
            stream.expectLife();
        });
        http3End("the end of the stream in place of the response", "RFC 9114 §4.1", stream -> {
            stream.end();
            stream.expectEnd();
            stream.expectLife();
        });
        http3End("the end of the stream behind the response", rules.webSocket(), stream -> {
            stream.ask(head(":status", "200"), true);
            stream.expectEnd();
            stream.expectLife();
        });
    }
}
