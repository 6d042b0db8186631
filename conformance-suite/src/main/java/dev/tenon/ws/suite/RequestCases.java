package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import dev.tenon.ws.suite.UnusualOpenings.BadRequest;
import dev.tenon.ws.suite.UnusualOpenings.GoodRequest;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Chapter 17: requests that a server must refuse, and unusual ones that it must accept. */
final class RequestCases {
    private static final String RULE = "RFC 6455 §4.2.1";
    private static final int ALL = Integer.MAX_VALUE;
    private static final Script ECHO =
            script().echoes(true, Octets.utf8("Hello")).close();

    private final Chapter chapter = new Chapter(17, "Handshake: requests");

    private RequestCases() {}

    static Chapter chapter() {
        RequestCases cases = new RequestCases();
        cases.valid();
        cases.lines();
        cases.headers();
        cases.keys();
        cases.smuggling();
        cases.offers();
        return cases.chapter;
    }

    private void accept(String id, String title, String rule, int chunkLength, UnaryOperator<String> change) {
        chapter.add(id, title, rule, new GoodRequest(change, chunkLength, false), ECHO);
    }

    private void refuse(String id, String title, String rule, UnaryOperator<String> change, Integer... statuses) {
        Set<Integer> allowed = new TreeSet<>(Arrays.asList(statuses));
        String header = allowed.equals(Set.of(426)) ? "Sec-WebSocket-Version: 13" : "";
        chapter.add(id, title, rule, new BadRequest(change, allowed, header), script());
    }

    private void valid() {
        accept(
                "1.1",
                "header names in lower case",
                "RFC 9110 §5.1",
                ALL,
                head -> head.replace("Upgrade:", "upgrade:")
                        .replace("Connection:", "connection:")
                        .replace("Sec-WebSocket-", "sec-websocket-"));
        accept(
                "1.2",
                "values in other case",
                RULE,
                ALL,
                head -> head.replace("websocket\r", "WebSocket\r")
                        .replace("Connection: Upgrade", "Connection: uPGRADE"));
        accept(
                "1.3",
                "Connection is a list",
                RULE,
                ALL,
                head -> head.replace("Connection: Upgrade", "Connection: keep-alive, Upgrade"));
        accept(
                "1.4",
                "Connection in two lines",
                "RFC 9110 §5.3",
                ALL,
                head -> head.replace("Connection: Upgrade", "Connection: keep-alive\r\nConnection: Upgrade"));
        accept(
                "1.5",
                "unknown headers",
                "RFC 9110 §5.1",
                ALL,
                head -> head.replace("Upgrade: w", "X-Unknown: \"a, b; c\"\r\nX-Empty:\r\nUpgrade: w"));
        accept("1.6", "one byte a write", "RFC 9112 §2.2", 1, head -> head);
        accept(
                "1.7",
                "an unknown extension is declined",
                "RFC 6455 §9.1",
                ALL,
                head -> with(head, "Sec-WebSocket-Extensions: x-unknown; a=1; b=\"two\""));
        accept("1.8", "no white space behind the colons", "RFC 9110 §5.5", ALL, head -> head.replace(": ", ":"));
        accept(
                "1.9",
                "white space around values",
                "RFC 9110 §5.5",
                ALL,
                head -> head.replace("Upgrade: websocket", "Upgrade: \t websocket \t"));
    }

    private void lines() {
        refuse("2.1", "POST", RULE, head -> head.replace("GET ", "POST "));
        refuse("2.2", "HTTP/1.0", RULE, head -> head.replace("HTTP/1.1", "HTTP/1.0"));
        refuse("2.3", "no HTTP version", RULE, head -> head.replace(" HTTP/1.1", ""));
        refuse("2.4", "not HTTP", RULE, head -> head.replace("HTTP/1.1", "HTPT/1.1"), 400);
        refuse("2.5", "a target without a slash", "RFC 9112 §3.2", head -> head.replaceFirst("/", ""), 400);
    }

    private void headers() {
        for (String name : new String[] {"Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"}) {
            refuse("3." + (chapter.count("3.") + 1), "no " + name, RULE, head -> without(head, name));
        }
        refuse("3.5", "no Host", "RFC 9112 §3.2", head -> without(head, "Host"), 400);
        refuse("3.6", "two Hosts", "RFC 9112 §3.2", head -> with(head, "Host: elsewhere.example"), 400);
        refuse("3.7", "Upgrade to something else", RULE, head -> head.replace("websocket\r", "h2c\r"));
        refuse("3.8", "Connection without Upgrade", RULE, head -> head.replace(": Upgrade", ": keep-alive"));
        for (String version : new String[] {"0", "8", "12", "14", "255"}) {
            refuse(
                    "4." + (chapter.count("4.") + 1),
                    "version " + version,
                    "RFC 6455 §4.4",
                    head -> head.replace("Version: 13", "Version: " + version),
                    426);
        }
        refuse("4.6", "version 13 and more", RULE, head -> head.replace("Version: 13", "Version: 13x"), 400, 426);
        refuse("4.7", "two versions", RULE, head -> with(head, "Sec-WebSocket-Version: 13"), 400, 426);
    }

    private void keys() {
        String[] keys = {
            "",
            "x",
            "AAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAAA=",
            "AAAAAAAAAAAAAAAAAAAAAA",
            "!AAAAAAAAAAAAAAAAAAAAA=="
        };
        for (int i = 0; i < keys.length; i++) {
            String key = keys[i];
            refuse(
                    "5." + (i + 1),
                    "the key '" + key + "', which is not 16 bytes in base64",
                    RULE,
                    head -> head.replaceFirst("Key: [^\r]*", "Key: " + key),
                    400);
        }
        refuse("5.7", "two keys", RULE, head -> with(head, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="), 400);
    }

    private void smuggling() {
        refuse(
                "6.1",
                "a folded header",
                "RFC 9112 §5.2",
                head -> head.replace("Upgrade: w", "X: a\r\n b\r\nUpgrade: w"),
                400);
        refuse("6.2", "a space before the colon", "RFC 9112 §5.1", head -> head.replace("Upgrade:", "Upgrade :"), 400);
        refuse("6.3", "a line without a colon", "RFC 9112 §5", head -> with(head, "nonsense"), 400);
        refuse("6.4", "a NUL in a value", "RFC 9110 §5.5", head -> with(head, "X: a\u0000b"), 400);
        refuse("6.5", "a bare CR in a value", "RFC 9112 §2.2", head -> with(head, "X: a\rb"), 400);
        refuse("6.6", "a header without a name", "RFC 9112 §5", head -> with(head, ": value"), 400);
        refuse("6.7", "a body by Content-Length", "RFC 6455 §4.1", head -> with(head, "Content-Length: 5"));
        refuse("6.8", "a body in chunks", "RFC 6455 §4.1", head -> with(head, "Transfer-Encoding: chunked"));
    }

    /** A server must decline invalid offers (RFC 7692 §7.1) without refusing the connection. */
    private void offers() {
        String[] offers = {
            "server_max_window_bits=7",
            "server_max_window_bits=16",
            "server_max_window_bits=08",
            "server_max_window_bits",
            "server_max_window_bits=x",
            "client_max_window_bits=7",
            "client_max_window_bits=16",
            "unknown",
            "unknown=1",
            "server_no_context_takeover=1",
            "client_no_context_takeover=true",
            "server_no_context_takeover; server_no_context_takeover",
            "client_max_window_bits; client_max_window_bits=10"
        };
        for (int i = 0; i < offers.length; i++) {
            String offer = offers[i];
            UnaryOperator<String> change = head -> with(head, "Sec-WebSocket-Extensions: permessage-deflate; " + offer);
            String title = "declines permessage-deflate; " + offer;
            chapter.add("7." + (i + 1), title, "RFC 7692 §7.1", new GoodRequest(change, ALL, true), ECHO);
        }
    }

    static String with(String head, String line) {
        return head.substring(0, head.length() - 2) + line + "\r\n\r\n";
    }

    static String without(String head, String name) {
        return head.replaceFirst("(?m)^" + name + ": [^\r]*\r\n", "");
    }
}
