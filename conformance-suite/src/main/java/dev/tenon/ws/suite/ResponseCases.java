package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import dev.tenon.ws.suite.UnusualOpenings.BadResponse;
import dev.tenon.ws.suite.UnusualOpenings.GoodResponse;
import java.util.function.UnaryOperator;

/** Chapter 18: responses that a client must refuse, and unusual ones that it must accept. */
final class ResponseCases {
    private static final String RULE = "RFC 6455 §4.1";
    private static final int ALL = Integer.MAX_VALUE;

    private final Chapter chapter = new Chapter(18, "Handshake: responses");

    private ResponseCases() {}

    static Chapter chapter() {
        ResponseCases cases = new ResponseCases();
        cases.valid();
        cases.invalid();
        cases.agreements();
        return cases.chapter;
    }

    private void accept(String title, int chunkLength, UnaryOperator<String> change) {
        Script echo = script().echoes(true, Octets.utf8("Hello")).close();
        chapter.add("1." + (chapter.count("1.") + 1), title, RULE, new GoodResponse(change, chunkLength), echo);
    }

    private void refuse(String group, String title, String rule, UnaryOperator<String> change) {
        chapter.add(group + (chapter.count(group) + 1), title, rule, new BadResponse(change), script());
    }

    private void valid() {
        accept(
                "header names in lower case",
                ALL,
                head -> head.replace("Upgrade:", "upgrade:")
                        .replace("Connection:", "connection:")
                        .replace("Sec-WebSocket-", "sec-websocket-"));
        accept(
                "values in other case",
                ALL,
                head -> head.replace("websocket\r", "WEBsocket\r")
                        .replace("Connection: Upgrade", "Connection: upgrade"));
        accept(
                "Connection is a list",
                ALL,
                head -> head.replace("Connection: Upgrade", "Connection: keep-alive, Upgrade"));
        accept(
                "another reason phrase",
                ALL,
                head -> head.replace("Switching Protocols", "Web Socket Protocol Handshake"));
        accept("unknown headers", ALL, head -> RequestCases.with(head, "X-Unknown: \"a, b; c\"\r\nX-Empty:"));
        accept("one byte a write", 1, head -> head);
    }

    private void invalid() {
        refuse(
                "2.",
                "status 200",
                RULE,
                head -> head.replace("101 Switching Protocols", "200 OK\r\nContent-Length: 0"));
        refuse("2.", "status 204", RULE, head -> head.replace("101 Switching Protocols", "204 No Content"));
        refuse(
                "2.",
                "status 404",
                RULE,
                head -> head.replace("101 Switching Protocols", "404 Not Found\r\nContent-Length: 0"));
        for (String name : new String[] {"Upgrade", "Connection", "Sec-WebSocket-Accept"}) {
            refuse("3.", "no " + name, RULE, head -> RequestCases.without(head, name));
        }
        refuse("3.", "Upgrade to something else", RULE, head -> head.replace("websocket\r", "h2c\r"));
        refuse("3.", "Connection without Upgrade", RULE, head -> head.replace(": Upgrade", ": keep-alive"));
        refuse(
                "3.",
                "the Accept of another key",
                RULE,
                head -> head.replaceFirst("Accept: [^\r]*", "Accept: " + Head.accept(Handshake.key())));
        refuse(
                "3.",
                "the Accept in other case",
                RULE,
                head -> head.replaceFirst("Accept: [^\r]*", "Accept: s3pplmbitxaq9kygzzhzrbk+xoo="));
        refuse("3.", "an empty Accept", RULE, head -> head.replaceFirst("Accept: [^\r]*", "Accept:"));
        refuse("3.", "two Accepts", RULE, head -> RequestCases.with(head, "Sec-WebSocket-Accept: AAAA"));
        refuse("3.", "not HTTP", RULE, head -> head.replace("HTTP/1.1", "HTPT/1.1"));
        refuse("3.", "a line without a colon", "RFC 9112 §5", head -> RequestCases.with(head, "nonsense"));
    }

    private void agreements() {
        refuse(
                "4.",
                "a subprotocol that was not offered",
                RULE,
                head -> RequestCases.with(head, "Sec-WebSocket-Protocol: surprise"));
        String[] elements = {
            "x-unknown",
            "permessage-deflate; unknown",
            "permessage-deflate; unknown=1",
            "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; client_max_window_bits=7",
            "permessage-deflate; client_max_window_bits",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
            "permessage-deflate, permessage-deflate"
        };
        for (String element : elements) {
            refuse(
                    "5.",
                    "agrees on " + element,
                    "RFC 6455 §9.1, RFC 7692 §7.1",
                    head -> RequestCases.with(head, "Sec-WebSocket-Extensions: " + element));
        }
    }
}
