package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import dev.tenon.ws.suite.StreamOpening.Action;
import dev.tenon.ws.suite.StreamOpening.BadRequest;
import dev.tenon.ws.suite.StreamOpening.GoodRequest;
import dev.tenon.ws.suite.StreamOpening.StreamActions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Chapters 20 and 23: extended CONNECTs of HTTP/2 and HTTP/3 that a server must refuse, and unusual ones that it must
 * accept. Both chapters have the same numbers for the same cases.
 */
final class StreamRequestCases {
    private static final Script ECHO =
            script().echoes(true, Octets.utf8("Hello")).close();

    private final StreamRules rules;
    private final Chapter chapter;

    private StreamRequestCases(StreamRules rules) {
        this.rules = rules;
        chapter = new Chapter(rules.chapter(), rules.version() + ": requests");
    }

    static Chapter http2() {
        StreamRequestCases cases = new StreamRequestCases(StreamRules.HTTP_2);
        cases.good();
        cases.odd();
        cases.bad();
        return cases.chapter;
    }

    static Chapter http3() {
        StreamRequestCases cases = new StreamRequestCases(StreamRules.HTTP_3);
        cases.good();
        cases.bad();
        return cases.chapter;
    }

    private void bad() {
        pseudoHeaders();
        protocols();
        fields();
        versions();
    }

    private void take(String id, String title, String rule, UnaryOperator<List<Field>> change) {
        chapter.add(id, title, rule, new GoodRequest(change), ECHO);
    }

    private void refuse(
            String id,
            String title,
            String rule,
            boolean malformed,
            UnaryOperator<List<Field>> change,
            Integer... right) {
        chapter.add(id, title, rule, new BadRequest(change, StreamOpening.statuses(right), malformed), script());
    }

    private void addCase(String id, String title, String rule, String expectation, Action<Http2CaseStream> action) {
        chapter.add(id, title, rule, new StreamActions(expectation, action), script());
    }

    private void good() {
        take(
                "1.1",
                "the usual request, after SETTINGS_ENABLE_CONNECT_PROTOCOL = 1",
                rules.announcement(),
                head -> head);
        take("1.2", "unknown fields", "RFC 9110 §5.1", head -> with(head, "x-unknown", "\"a, b; c\""));
        take("1.3", "a field without a value", "RFC 9110 §5.5", head -> with(head, "x-empty", ""));
        take(
                "1.4",
                "an unknown extension is declined",
                "RFC 6455 §9.1",
                head -> with(head, "sec-websocket-extensions", "x-unknown; a=1; b=\"two\""));
        take(
                "1.5",
                "a key, which this handshake does not use",
                "RFC 8441 §5",
                head -> with(head, "sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="));
        take("1.6", "te: trailers", rules.connectionFields(), head -> with(head, "te", "trailers"));
        take("1.7", "pseudo-headers in another order", rules.pseudoHeaders(), head -> {
            List<Field> turned = new ArrayList<>(head.subList(0, 5));
            Collections.reverse(turned);
            turned.addAll(head.subList(5, head.size()));
            return turned;
        });
    }

    private void odd() {
        String taken = "status 200, and the message back";
        addCase("2.1", "the head in five frames", "RFC 9113 §6.10", taken, stream -> {
            byte[] block = Hpack.encode(stream.request());
            List<byte[]> pieces = Octets.cut(block, block.length / 5 + 1);
            Http2Frame[] frames = new Http2Frame[pieces.size()];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = new Http2Frame(
                        i == 0 ? Http2Frame.HEADERS : Http2Frame.CONTINUATION,
                        i == frames.length - 1 ? Http2Frame.END_HEADERS : 0,
                        stream.stream().id,
                        pieces.get(i));
            }
            stream.wire().transcript.sentHead("HEADERS and CONTINUATION", StreamHandshake.describe(stream.request()));
            stream.connection().send(frames);
            echo(stream);
        });
        addCase("2.2", "the head in a padded frame with a priority", "RFC 9113 §6.2", taken, stream -> {
            byte[] block = Hpack.encode(stream.request());
            byte[] payload = new byte[1 + 5 + block.length + 9];
            payload[0] = 9;
            System.arraycopy(block, 0, payload, 6, block.length);
            stream.frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS | Http2Frame.PADDED | 32, payload);
            echo(stream);
        });
        addCase(
                "2.3",
                "END_STREAM in the CONNECT",
                "RFC 8441 §5",
                "a refusal or the end of the stream, without waiting for more",
                stream -> {
                    stream.ask(stream.request(), true);
                    stream.expectEnd();
                    stream.expectLife();
                });
    }

    private static void echo(Http2CaseStream stream) throws CaseFailure, IOException {
        Handshake.rule(stream.status() / 100 == 2, "the request is refused");
        stream.send(WireFrame.text("Hello"));
        stream.expectText("Hello");
    }

    private void pseudoHeaders() {
        int number = 1;
        for (String name : new String[] {":path", ":scheme"}) {
            refuse("3." + number++, "no " + name, rules.connect(), true, head -> without(head, name), 400);
        }
        refuse("3.3", "no :authority", rules.connect(), true, head -> without(head, ":authority"), 400);
        refuse("3.4", "no :method", rules.malformed(), true, head -> without(head, ":method"), 400);
        number = 5;
        for (String name : new String[] {":method", ":protocol", ":scheme", ":authority", ":path"}) {
            String title = "two of " + name;
            refuse("3." + number++, title, rules.pseudoHeaders(), true, head -> twice(head, name), 400);
        }
        refuse("3.10", "an unknown pseudo-header", rules.pseudoHeaders(), true, head -> first(head, ":what", "x"), 400);
        refuse(
                "3.11",
                "a pseudo-header behind a field",
                rules.pseudoHeaders(),
                true,
                head -> {
                    List<Field> late = new ArrayList<>(without(head, ":path"));
                    late.add(new Field(":path", "/"));
                    return late;
                },
                400);
        refuse(
                "3.12",
                "a pseudo-header of responses",
                rules.pseudoHeaders(),
                true,
                head -> first(head, ":status", "200"),
                400);
        refuse("3.13", "an empty :path", rules.ofRequests(), true, head -> set(head, ":path", ""), 400);
        refuse("3.14", "a :path without a slash", rules.ofRequests(), true, head -> set(head, ":path", "x"), 400, 404);
        refuse(
                "3.15",
                "an invalid :authority",
                rules.ofRequests(),
                true,
                head -> set(head, ":authority", "a b"),
                400,
                421);
        refuse(
                "3.16",
                "Host is another than :authority",
                rules.ofRequests(),
                true,
                head -> with(head, "host", "elsewhere.example"),
                400);
    }

    private void protocols() {
        refuse(
                "4.1",
                "an unknown :protocol",
                "RFC 9220 §3",
                false,
                head -> set(head, ":protocol", "connect-nothing"),
                501);
        refuse("4.2", "an empty :protocol", rules.connect(), true, head -> set(head, ":protocol", ""), 400, 501);
        refuse("4.3", ":protocol with GET", rules.connect(), true, head -> set(head, ":method", "GET"), 400);
        refuse(
                "4.4",
                "CONNECT with :scheme and :path, and without :protocol",
                rules.tunnel(),
                true,
                head -> without(head, ":protocol"),
                400);
        refuse(
                "4.5",
                "the tunnel of a proxy",
                rules.tunnel(),
                true,
                head -> List.of(new Field(":method", "CONNECT"), new Field(":authority", "elsewhere.example:443")),
                400,
                405,
                501);
    }

    private void fields() {
        String[][] forbidden = {
            {"upgrade", "websocket"},
            {"connection", "Upgrade"},
            {"keep-alive", "timeout=5"},
            {"proxy-connection", "keep-alive"},
            {"transfer-encoding", "chunked"},
            {"te", "gzip"}
        };
        for (int i = 0; i < forbidden.length; i++) {
            String name = forbidden[i][0];
            String value = forbidden[i][1];
            String title = name + ": " + value;
            refuse("5." + (i + 1), title, rules.connectionFields(), true, head -> with(head, name, value), 400);
        }
        String[][] broken = {
            {"X-Upper", "a", "a name in upper case"},
            {"", "a", "an empty name"},
            {"x y", "a", "a space in a name"},
            {"x:y", "a", "a colon in a name"},
            {"x", "a\rb", "CR in a value"},
            {"x", "a\nb", "LF in a value"},
            {"x", "a\0b", "NUL in a value"}
        };
        for (int i = 0; i < broken.length; i++) {
            String name = broken[i][0];
            String value = broken[i][1];
            String title = broken[i][2];
            refuse("6." + (i + 1), title, rules.fieldNames(), true, head -> with(head, name, value), 400);
        }
    }

    private void versions() {
        refuse("7.1", "no version", "RFC 6455 §4.2.1", false, head -> without(head, "sec-websocket-version"), 400, 426);
        for (String version : new String[] {"8", "12", "14", "13x"}) {
            refuse(
                    "7." + (chapter.count("7.") + 1),
                    "version " + version,
                    "RFC 6455 §4.4",
                    false,
                    head -> set(head, "sec-websocket-version", version),
                    400,
                    426);
        }
        refuse("7.6", "two versions", "RFC 6455 §4.2.1", false, head -> twice(head, "sec-websocket-version"), 400, 426);
    }

    static List<Field> with(List<Field> head, String name, String value) {
        List<Field> all = new ArrayList<>(head);
        all.add(new Field(name, value));
        return all;
    }

    private static List<Field> first(List<Field> head, String name, String value) {
        List<Field> all = new ArrayList<>(head);
        all.add(0, new Field(name, value));
        return all;
    }

    static List<Field> without(List<Field> head, String name) {
        return head.stream().filter(field -> !field.name().equals(name)).toList();
    }

    static List<Field> set(List<Field> head, String name, String value) {
        return head.stream()
                .map(field -> field.name().equals(name) ? new Field(name, value) : field)
                .toList();
    }

    private static List<Field> twice(List<Field> head, String name) {
        return head.stream()
                .flatMap(field -> field.name().equals(name) ? List.of(field, field).stream() : List.of(field).stream())
                .toList();
    }
}
