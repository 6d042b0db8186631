package dev.tenon.ws.conformance.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpBodyReader;
import dev.tenon.ws.handshake.HttpHeadParser;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.UpgradeRequest;
import dev.tenon.ws.handshake.WebSocketUri;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Feeds arbitrary bytes to the opening handshake of both ends. The first byte of an input selects limits, split, kind
 * of buffer and the offers, the others are the stream.
 */
class HandshakeFuzzTest {
    private static final Set<Integer> REFUSALS = Set.of(400, 403, 405, 426, 501, 505);
    private static final Set<Integer> UNREADABLE = Set.of(400, 413, 414, 431, 501, 505);

    /** A line of an input that is replaced by the correct {@code Sec-WebSocket-Accept} for the key of this run. */
    private static final String ANY_ACCEPT = "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

    private static final Extensions EXTENSIONS = Extensions.load();

    // A server

    /** A request and its body, or the violation, and the number of bytes read. */
    private record Received(
            @Nullable HttpRequest head,
            @Nullable ByteBuffer body,
            boolean truncated,
            @Nullable String fault,
            int status,
            int consumed) {}

    @FuzzTest(maxDuration = "10m")
    void anyRequestAtAll(byte[] input) throws GeneralSecurityException {
        if (input.length == 0) {
            return;
        }
        int choice = input[0];
        byte[] stream = Arrays.copyOfRange(input, 1, input.length);
        HeadLimits limits = (choice & 2) == 0 ? HeadLimits.DEFAULT : new HeadLimits(256, 128, 8);
        Received whole = receive(limits, stream, stream.length, (choice & 8) != 0);
        assertEquals(whole, receive(limits, stream, 1 + ((choice >> 4) & 7), (choice & 8) == 0), "split");
        if (whole.fault() != null) {
            assertTrue(UNREADABLE.contains(whole.status()), () -> whole.toString());
        }
        if (whole.head() != null) {
            HttpRequest head = whole.head();
            assertEquals(head, HttpHeadParser.forRequests(wide()).parse(head.encode()), "written and read again");
            decide(head, (choice & 4) != 0);
            decide(overHttp2(head), (choice & 4) != 0);
        }
    }

    private static Received receive(HeadLimits limits, byte[] stream, int chunk, boolean direct) {
        HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(limits);
        HttpRequest head = null;
        HttpBodyReader body = null;
        for (int at = 0; at < stream.length; at += chunk) {
            ByteBuffer bytes = chunk(stream, at, chunk, direct);
            try {
                if (head == null) {
                    head = parser.parse(bytes);
                    body = head == null ? null : HttpBodyReader.of(head, 64);
                }
                if (body != null && body.read(bytes)) {
                    return new Received(head, body.body(), body.isTruncated(), null, 0, at + bytes.position());
                }
            } catch (HandshakeException e) {
                return new Received(head, null, false, e.getMessage(), e.status(), 0);
            }
            assertFalse(bytes.hasRemaining());
        }
        return new Received(head, null, false, null, 0, stream.length);
    }

    private static HeadLimits wide() {
        return new HeadLimits(1 << 20, 1 << 20, 1 << 10);
    }

    /** Returns the same request as an HTTP/2 request. */
    private static HttpRequest overHttp2(HttpRequest head) {
        Headers.Builder headers = Headers.builder()
                .add(":method", "CONNECT")
                .add(":protocol", "websocket")
                .add(":scheme", "https")
                .add(":authority", String.valueOf(head.authority()))
                .add(":path", head.target());
        head.headers().forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Upgrade")
                    && !name.equalsIgnoreCase("Connection")) { // with them no request would be accepted
                headers.add(name, value);
            }
        });
        return HttpRequest.ofPseudoHeaders(HttpVersion.HTTP_2, headers.build());
    }

    private static void decide(HttpRequest head, boolean secure) throws GeneralSecurityException {
        ServerHandshake handshake = new ServerHandshake(EXTENSIONS, List.of("chat"), OriginPolicy.sameOrigin());
        assertTrue(head.path().equals(head.target()) || head.path().startsWith("/"), head::path);
        boolean wanted = ServerHandshake.isUpgrade(head);
        try {
            UpgradeRequest upgrade = handshake.check(head, secure, null);
            assertTrue(wanted, "only a request for a WebSocket is accepted");
            accepted(upgrade, handshake.accept(upgrade));
        } catch (HandshakeException refusal) {
            assertTrue(REFUSALS.contains(refusal.status()), () -> refusal.status() + " " + refusal.getMessage());
            HttpResponse response = readable(refusal.toResponse());
            assertEquals(
                    head.version().isHttp1(), response.headers().hasToken("Connection", "close"), response::toString);
            assertEquals(refusal.status() == 426, response.headers().count("Sec-WebSocket-Version") == 1);
        }
    }

    private static void accepted(UpgradeRequest upgrade, Agreement agreement) throws GeneralSecurityException {
        HttpResponse response = readable(agreement.response());
        String key = upgrade.key();
        assertEquals(key == null ? 200 : 101, response.status());
        assertEquals(key == null ? null : accept(key), response.headers().first("Sec-WebSocket-Accept"));
        assertEquals(
                upgrade.subprotocols().contains("chat") ? "chat" : "",
                agreement.upgrade().subprotocol());
        int owned = 0;
        for (NegotiatedExtension extension : agreement.upgrade().extensions()) {
            assertEquals(0, owned & extension.rsv(), "one owner of a bit");
            owned |= extension.rsv();
        }
    }

    private static HttpResponse readable(HttpResponse response) {
        HttpResponse read = HttpHeadParser.forResponses(wide()).parse(response.encode());
        assertNotNull(read);
        assertEquals(response.status(), read.status());
        return read;
    }

    private static String accept(String key) throws GeneralSecurityException {
        byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1);
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    }

    // A client

    /** The client's decision about a response: an agreement, or the violation. */
    private record Decision(
            @Nullable String subprotocol,
            List<String> extensions,
            int consumed,
            @Nullable String fault,
            int status,
            @Nullable ByteBuffer body) {}

    @FuzzTest(maxDuration = "10m")
    void anyResponseAtAll(byte[] input) throws GeneralSecurityException {
        if (input.length == 0) {
            return;
        }
        int choice = input[0];
        byte[] stream = Arrays.copyOfRange(input, 1, input.length);
        Decision whole = decide(choice, stream, Math.max(1, stream.length), (choice & 8) != 0);
        assertEquals(whole, decide(choice, stream, 1 + ((choice >> 4) & 7), (choice & 8) == 0), "split");
        if (whole.fault() == null) {
            assertTrue(Set.of("", "chat", "superchat").contains(String.valueOf(whole.subprotocol())));
            assertTrue((choice & 1) != 0 || whole.extensions().isEmpty(), "nothing was offered");
        }
    }

    private static Decision decide(int choice, byte[] stream, int chunk, boolean direct)
            throws GeneralSecurityException {
        ClientHandshake handshake = ClientHandshake.to(WebSocketUri.parse("ws://example.org/chat"))
                .extensions((choice & 1) == 0 ? Extensions.none() : EXTENSIONS)
                .subprotocols(List.of("chat", "superchat"))
                .limits((choice & 2) == 0 ? HeadLimits.DEFAULT : new HeadLimits(256, 128, 8), 64)
                .start();
        String key = String.valueOf(handshake.request().headers().first("Sec-WebSocket-Key"));
        String right = "\r\nSec-WebSocket-Accept: " + accept(key) + "\r\n";
        byte[] response =
                new String(stream, ISO_8859_1).replace(ANY_ACCEPT, right).getBytes(ISO_8859_1);
        try {
            for (int at = 0; at < response.length; at += chunk) {
                ByteBuffer bytes = chunk(response, at, chunk, direct);
                Agreement agreement = handshake.receive(bytes);
                if (agreement != null) {
                    List<String> extensions = agreement.upgrade().extensions().stream()
                            .map(extension -> extension.agreed().toString())
                            .toList();
                    return new Decision(
                            agreement.upgrade().subprotocol(), extensions, at + bytes.position(), null, 0, null);
                }
                assertFalse(bytes.hasRemaining());
            }
            return failed(handshake.endOfInput(), stream);
        } catch (HandshakeException e) {
            assertEquals(e, handshake.endOfInput(), "the first failure is the last word");
            return failed(e, stream);
        }
    }

    /** Leaves out the parts that may contain the key's response: the quoted text of the message, and the body. */
    private static Decision failed(HandshakeException e, byte[] stream) {
        HttpResponse response = e.response();
        ByteBuffer body = response == null ? null : response.body();
        assertTrue(body == null || body.remaining() <= 64, "the body has a limit");
        e.location();
        e.challenges();
        String fault = String.valueOf(e.getMessage()).replaceFirst("(?s)\".*", "...");
        boolean keyed = new String(stream, ISO_8859_1).contains(ANY_ACCEPT);
        return new Decision(null, List.of(), 0, fault, e.status(), keyed ? null : body);
    }

    private static ByteBuffer chunk(byte[] stream, int at, int length, boolean direct) {
        int actual = Math.min(length, stream.length - at);
        ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(actual) : ByteBuffer.allocate(actual);
        return bytes.put(0, stream, at, actual);
    }
}
