package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes and checks the opening handshake in a stream of HTTP/2 (RFC 8441 §5) or HTTP/3 (RFC 9220 §3). */
final class StreamHandshake {
    /** RFC 9113 §8.2.2. */
    private static final List<String> OF_CONNECTIONS =
            List.of("upgrade", "connection", "transfer-encoding", "keep-alive", "proxy-connection");

    private StreamHandshake() {}

    static List<Field> request(URI uri, String extensions) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        List<Field> fields = new ArrayList<>(List.of(
                new Field(":method", "CONNECT"),
                new Field(":protocol", "websocket"),
                new Field(":scheme", "wss".equalsIgnoreCase(uri.getScheme()) ? "https" : "http"),
                new Field(":authority", uri.getRawAuthority()),
                new Field(":path", path + query),
                new Field("sec-websocket-version", "13")));
        if (!extensions.isEmpty()) {
            fields.add(new Field("sec-websocket-extensions", extensions));
        }
        return fields;
    }

    /** Sends a request and returns the response, which must accept it. */
    static Head ask(Wire wire, StreamLink stream, List<Field> request, Duration timeout)
            throws CaseFailure, IOException {
        checkAnnouncement(stream);
        send(wire, stream, request, false);
        Head response = new Head(wire.readHead(timeout));
        checkResponse(response, stream.rules());
        return response;
    }

    static void send(Wire wire, StreamLink stream, List<Field> request, boolean last) throws IOException {
        wire.transcript.sentHead("HEADERS" + (last ? ", END_STREAM" : ""), describe(request));
        stream.open(request, last);
    }

    static String describe(List<Field> fields) {
        return fields.stream().map(Field::toString).collect(Collectors.joining("\n"));
    }

    /** Accepts a request, with these fields beside the status. */
    static void accept(Wire wire, StreamLink stream, Field... more) throws IOException {
        List<Field> response = new ArrayList<>(List.of(new Field(":status", "200")));
        response.addAll(List.of(more));
        send(wire, stream, response, false);
    }

    /** Throws {@link CaseFailure} for the first rule that a client's request breaks (RFC 8441 §4, §5). */
    static void checkRequest(List<Field> request, StreamRules rules) throws CaseFailure {
        String[][] wanted = {
            {":method", "CONNECT"},
            {":protocol", "websocket"},
            {":scheme", "https?"},
            {":authority", ".+"},
            {":path", "/.*"},
            {"sec-websocket-version", "13"}
        };
        for (String[] field : wanted) {
            List<String> values = request.stream()
                    .filter(each -> each.name().equals(field[0]))
                    .map(Field::value)
                    .toList();
            Handshake.rule(
                    values.size() == 1 && values.get(0).matches(field[1]),
                    "the request has " + field[0] + " " + values);
        }
        boolean behind = false;
        for (Field field : request) {
            boolean pseudo = field.name().startsWith(":");
            Handshake.rule(!pseudo || !behind, field.name() + " follows a field (" + rules.pseudoHeaders() + ")");
            behind |= !pseudo;
            Handshake.rule(
                    field.name().equals(field.name().toLowerCase(Locale.ROOT)),
                    "the name " + field.name() + " is not in lower case (" + rules.fieldNames() + ")");
            Handshake.rule(
                    !OF_CONNECTIONS.contains(field.name()),
                    "the request has " + field.name() + ", which " + rules.version() + " forbids ("
                            + rules.connectionFields() + ")");
        }
    }

    /** A client must not send :protocol before the server has announced it (RFC 8441 §3, RFC 9220 §3). */
    static void checkAnnouncement(StreamLink stream) throws CaseFailure {
        int announced = stream.announcement();
        Handshake.rule(
                announced == 1,
                "the server's first settings do not announce SETTINGS_ENABLE_CONNECT_PROTOCOL = 1 ("
                        + stream.rules().announcement() + "), but " + (announced < 0 ? "nothing" : announced));
    }

    /** Throws {@link CaseFailure} for the first rule that a server's response breaks. */
    static void checkResponse(Head response, StreamRules rules) throws CaseFailure {
        int status = response.status();
        Handshake.rule(status / 100 == 2, "the request is refused: " + Wire.firstLine(response.text()));
        for (String name : OF_CONNECTIONS) {
            Handshake.rule(
                    response.values(name).isEmpty(),
                    "the response has " + name + ", which " + rules.version() + " forbids (" + rules.connectionFields()
                            + ")");
        }
        Handshake.rule(
                response.values("Sec-WebSocket-Accept").isEmpty(),
                "the response has Sec-WebSocket-Accept, for which there was no key (RFC 8441 §5)");
        Handshake.rule(
                response.values("Sec-WebSocket-Protocol").isEmpty(),
                "the response has a subprotocol that was not offered");
        Handshake.rule(
                response.values("Content-Length").isEmpty(),
                "the response to a CONNECT has a Content-Length (RFC 9110 §9.3.6)");
    }
}
