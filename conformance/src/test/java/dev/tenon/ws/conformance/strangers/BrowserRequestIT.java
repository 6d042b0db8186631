package dev.tenon.ws.conformance.strangers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.HttpHeadParser;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The opening handshake of headless Chromium, read byte for byte by a plain socket. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("once")
class BrowserRequestIT {
    private static final ServerHandshake SAME_ORIGIN =
            new ServerHandshake(Extensions.load(), List.of("chat"), OriginPolicy.sameOrigin());
    private static final String PAGE =
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n" + "Connection: close\r\n\r\nTenon";

    /** The request of a page of the same server, and that of a page of another server. */
    private byte[] own = {};

    private byte[] foreign = {};

    @BeforeAll
    void capture(@TempDir Path directory) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Browser browser = Browser.start(directory.resolve("profile"))) {
            BlockingQueue<byte[]> heads = new LinkedBlockingQueue<>();
            daemon(() -> accept(server, heads));
            int port = server.getLocalPort();
            own = request(heads, browser, "http://127.0.0.1:" + port + "/", port);
            foreign = request(heads, browser, "http://localhost:" + port + "/", port);
        }
    }

    /** Opens a page, which opens a WebSocket that is refused; returns the head of its request. */
    private static byte[] request(BlockingQueue<byte[]> heads, Browser browser, String page, int port)
            throws Exception {
        browser.open(page);
        assertEquals("refused", browser.await("""
                const done = arguments[arguments.length - 1];
                const socket = new WebSocket('ws://127.0.0.1:%d/ws?room=1', ['superchat', 'chat']);
                socket.onclose = () => done('refused');
                """.formatted(port)));
        byte[] head = heads.poll(20, TimeUnit.SECONDS);
        assertNotNull(head, "no handshake has come");
        return head;
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "page");
        thread.setDaemon(true);
        thread.start();
    }

    /** Uses a thread for each connection, because a browser opens some in advance and leaves them idle. */
    private static void accept(ServerSocket server, BlockingQueue<byte[]> heads) {
        try {
            while (true) {
                Socket socket = server.accept();
                daemon(() -> serve(socket, heads));
            }
        } catch (IOException closed) {
            // all heads have been read
        }
    }

    private static void serve(Socket socket, BlockingQueue<byte[]> heads) {
        try (socket) {
            socket.setSoTimeout(20_000);
            byte[] head = head(socket.getInputStream());
            if (new String(head, ISO_8859_1).startsWith("GET /ws")) {
                heads.add(head);
            } else if (head.length != 0) {
                socket.getOutputStream().write(PAGE.getBytes(ISO_8859_1));
            }
        } catch (IOException idle) {
            // opened in advance, and never used
        }
    }

    private static byte[] head(InputStream input) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = input.read();
            if (next < 0) {
                return new byte[0]; // opened in advance
            }
            head.write(next);
        }
        return head.toByteArray();
    }

    /** Parses the head in two parts; the first part is never enough. */
    private static HttpRequest parse(byte[] head, int split) {
        HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(HeadLimits.DEFAULT);
        assertNull(parser.parse(ByteBuffer.wrap(head, 0, split)));
        HttpRequest request = parser.parse(ByteBuffer.wrap(head, split, head.length - split));
        assertNotNull(request);
        return request;
    }

    @Test
    void whereverItIsSplitItIsAcceptedWithDeflateAndTheSubprotocol() {
        String accept = null;
        for (int split = 0; split < own.length; split++) {
            Agreement agreed = SAME_ORIGIN.accept(SAME_ORIGIN.check(parse(own, split), false, null));
            assertEquals(101, agreed.response().status());
            assertEquals("chat", agreed.upgrade().subprotocol());
            assertEquals(1, agreed.upgrade().extensions().size());
            assertEquals(
                    "permessage-deflate",
                    agreed.upgrade().extensions().get(0).agreed().name());
            String now = agreed.response().headers().first("Sec-WebSocket-Accept");
            assertTrue(now != null && (accept == null || accept.equals(now)), "the same response");
            accept = now;
        }
    }

    @Test
    void itOffersDeflateWithAWindowToLimit() {
        HttpRequest request = parse(own, 0);
        assertEquals(
                "permessage-deflate; client_max_window_bits", request.headers().first("Sec-WebSocket-Extensions"));
        assertEquals("/ws?room=1", request.target());
    }

    @Test
    void fromAnotherOriginItIsRefusedUnlessThatIsAllowed() {
        ServerHandshake any = new ServerHandshake(Extensions.load(), List.of("chat"), OriginPolicy.any());
        for (int split = 0; split < foreign.length; split++) {
            HttpRequest request = parse(foreign, split);
            HandshakeException refusal =
                    assertThrows(HandshakeException.class, () -> SAME_ORIGIN.check(request, false, null));
            assertEquals(403, refusal.status());
            assertEquals(
                    101, any.accept(any.check(request, false, null)).response().status());
        }
    }
}
