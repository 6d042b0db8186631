package dev.tenon.ws.handshake;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Heads as bytes, edits that break them, and the decision of both ends about the result. */
final class Samples {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    /** RFC 6455 §1.3, with the extension {@code x-test}. */
    static final String REQUEST = String.join(
            "\r\n",
            "GET /chat?room=1 HTTP/1.1",
            "Host: server.example.com",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: " + KEY,
            "Origin: http://server.example.com",
            "Sec-WebSocket-Protocol: chat, superchat",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Extensions: x-test",
            "",
            "");

    static final String ANSWER = String.join(
            "\r\n",
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: " + ACCEPT,
            "Sec-WebSocket-Protocol: chat",
            "Sec-WebSocket-Extensions: x-test",
            "",
            "");

    static final ServerHandshake SERVER = new ServerHandshake(
            Extensions.of(new TestExtension("x-test", 4)), List.of("chat", "superchat"), OriginPolicy.sameOrigin());

    private Samples() {}

    static ClientHandshake client() {
        ClientHandshake.Builder builder = ClientHandshake.to(WebSocketUri.parse("ws://server.example.com/chat?room=1"))
                .subprotocols(List.of("chat", "superchat"))
                .extensions(Extensions.of(
                        new TestExtension("x-test", 4),
                        new TestExtension("x-same-bit", 4),
                        new TestExtension("x-other-bit", 2)))
                .limits(HeadLimits.RESPONSES, 64);
        return new ClientHandshake(builder, KEY);
    }

    /** Adds a line at the end of a head. */
    static UnaryOperator<String> with(String line) {
        return head -> head.substring(0, head.indexOf("\r\n\r\n") + 2) + line + "\r\n\r\n";
    }

    /** Removes the line of a header. */
    static UnaryOperator<String> without(String name) {
        return head -> {
            List<String> lines = new ArrayList<>(Arrays.asList(head.split("\r\n", -1)));
            if (!lines.removeIf(line -> line.startsWith(name + ":"))) {
                throw new AssertionError("no " + name + " to remove");
            }
            return String.join("\r\n", lines);
        };
    }

    static UnaryOperator<String> set(String name, String value) {
        return head -> with(name + ": " + value).apply(without(name).apply(head));
    }

    static UnaryOperator<String> replace(String part, String by) {
        return head -> {
            if (!head.contains(part)) {
                throw new AssertionError("no " + part + " to replace");
            }
            return head.replace(part, by);
        };
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Returns the pieces of an input that is cut at the given places; the unread rest of a piece precedes the next one.
     */
    static ByteBuffer feed(byte[] input, int from, int to) {
        return ByteBuffer.wrap(input, from, to - from);
    }

    /** Returns the server's decision, as text, about bytes that arrive in pieces of the given lengths, repeated. */
    static String serve(byte[] input, int... pieces) {
        HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(HeadLimits.DEFAULT);
        int at = 0;
        try {
            for (int i = 0; at < input.length; i++) {
                ByteBuffer piece = feed(input, at, Math.min(input.length, at + pieces[i % pieces.length]));
                HttpRequest request = parser.parse(piece);
                at = piece.position();
                if (request != null) {
                    return "left " + (input.length - at) + "\n" + response(request);
                }
            }
            return "incomplete";
        } catch (HandshakeException e) {
            return refusal(e);
        }
    }

    private static String response(HttpRequest request) {
        if (!ServerHandshake.isUpgrade(request)) {
            return "plain " + request;
        }
        Agreement agreement = SERVER.accept(SERVER.check(request, false, null));
        return agreement.upgrade().url() + "\n" + text(agreement.response().encode());
    }

    static String refusal(HandshakeException e) {
        HttpResponse response = e.response();
        return e.getMessage() + "\n" + (response == null ? "" : text(response.encode()));
    }

    /** Returns the client's decision, as text, about bytes that arrive in pieces of the given lengths, repeated. */
    static String connect(byte[] input, int... pieces) {
        ClientHandshake client = client();
        int at = 0;
        try {
            for (int i = 0; at < input.length; i++) {
                ByteBuffer piece = feed(input, at, Math.min(input.length, at + pieces[i % pieces.length]));
                Agreement agreement = client.receive(piece);
                at = piece.position();
                if (agreement != null) {
                    return "left " + (input.length - at) + "\n"
                            + agreement.upgrade().subprotocol() + "\n" + agreement.response();
                }
            }
            return describe(client.endOfInput());
        } catch (HandshakeException e) {
            return describe(e);
        }
    }

    private static String describe(HandshakeException e) {
        HttpResponse response = e.response();
        return e.getMessage() + "\n" + (response == null ? "" : response.headers() + response.bodyText());
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }

    /** An extension with negotiation only. Its one parameter is {@code level}, from 1 to 9. */
    record TestExtension(String name, int rsv) implements ExtensionProvider {
        @Override
        public List<ExtensionOffer> offers() {
            return List.of(ExtensionOffer.of(name));
        }

        @Override
        public NegotiatedExtension accept(ExtensionOffer offer) {
            return confirm(offer);
        }

        @Override
        public NegotiatedExtension confirm(ExtensionOffer response) {
            if (!fits(response)) {
                throw new ExtensionException(name + " has a parameter that does not fit");
            }
            return new Negotiated(response, rsv);
        }

        private static boolean fits(ExtensionOffer offer) {
            return offer.parameters().stream()
                    .allMatch(p -> p.name().equals("level")
                            && String.valueOf(p.value()).matches("[1-9]"));
        }
    }

    record Negotiated(ExtensionOffer agreed, int rsv) implements NegotiatedExtension {
        @Override
        public Extension open(ExtensionContext context) {
            throw new UnsupportedOperationException("never opened here");
        }
    }
}
