package dev.tenon.ws.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.sockets.HoldingSocket;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS handshakes that fail, end early or take long, and attempts to repeat one. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsHandshakeTest extends TlsTestBase {
    /** A peer sends invalid TLS and resets while the loop is busy, so the alert cannot be written. */
    private void resetBeforeTheAlert() throws Exception {
        CountDownLatch reset = new CountDownLatch(1);
        Echo echo;
        try (Socket socket = raw(new Socket())) {
            echo = accept(Echo::new);
            loops.next().execute(() -> {
                try {
                    assertTrue(reset.await(10, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1));
            socket.setSoLinger(true, 0);
        }
        reset.countDown();
        assertTrue(echo.closed.get(10, TimeUnit.SECONDS).isPresent());
    }

    /** On the loop, and with as many loops as processors, on which handshake tasks run on the loop too. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHandshakeMessageBehindTheHandshakeEndsTheConnection(boolean onTheLoop) throws Exception {
        EventLoops few = loops;
        EventLoops many = EventLoops.start(Runtime.getRuntime().availableProcessors(), "tls-test", true);
        loops = onTheLoop ? many : few;
        try (HoldingSocket raw = new HoldingSocket();
                SSLSocket socket = tls(raw(raw), "TLSv1.3")) {
            Echo echo = accept(new PostHandshakeEngine(server.createSSLEngine()), Echo::new);
            socket.startHandshake();
            raw.hold();
            socket.getOutputStream().write(1); // its echo waits for the end of the event
            socket.getOutputStream().write(2);
            raw.release();
            assertEquals(
                    "a handshake message behind the handshake", echo.failure().getMessage());
            CompletableFuture<Boolean> others = new CompletableFuture<>();
            echo.link.loop().execute(() -> others.complete(true));
            assertTrue(others.get(10, TimeUnit.SECONDS));
        } finally {
            loops = few;
            many.stop(Duration.ZERO);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40})
    void resetsDuringTheHandshakeAffectNoOtherConnection(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            resetBeforeTheAlert();
        }
        byte[] sent = random(1_000);
        try (SSLSocket socket = tls(raw(new Socket()), "TLSv1.3")) {
            accept(Echo::new);
            socket.getOutputStream().write(sent);
            assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: tenon.example\r\n\r\n",
                "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000", // a ClientHello of one byte
                "\u0016\u0003\u0001ÿÿÿÿÿÿÿÿÿ", // a record longer than any
                "\u0015\u0003\u0003\u0000\u0002\u0002(", // an alert instead of a ClientHello
                "\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000"
            })
    void bytesThatAreNoTlsEndTheConnection(String garbage) throws Exception {
        try (Socket socket = raw(new Socket())) {
            Echo echo = accept(Echo::new);
            socket.getOutputStream().write(garbage.getBytes(ISO_8859_1));
            byte[] response = socket.getInputStream().readAllBytes();
            assertTrue(response.length == 0 || response[0] == 21, "an alert, if anything");
            assertInstanceOf(SSLException.class, echo.failure());
            assertTrue(!echo.opened.isDone());
        }
    }

    @Test
    void anEndInTheHandshakeIsAFailure() throws Exception {
        try (Socket socket = raw(new Socket())) {
            Echo echo = accept(Echo::new);
            socket.getOutputStream().write(new byte[] {22, 3, 1, 1});
            socket.shutdownOutput();
            assertInstanceOf(EOFException.class, echo.failure());
        }
    }

    @Test
    void bytesBeforeTheEndOfTheHandshakeFailTheLink() throws Exception {
        try (Socket socket = raw(new Socket())) {
            Echo echo = accept(Echo::new);
            echo.link.loop().execute(() -> echo.link.write(ByteBuffer.allocate(10)));
            assertEquals(
                    "bytes were sent before the end of the TLS handshake",
                    echo.failure().getMessage());
            assertEquals(10, echo.link.backlog(), "bytes that were not sent");
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    private static void renegotiate(SSLSocket socket) throws IOException {
        socket.startHandshake();
        socket.getInputStream().read();
    }

    @Test
    void aClientDoesNotRenegotiate() throws Exception {
        try (SSLSocket socket = tls(raw(new Socket()), "TLSv1.2")) {
            Echo echo = accept(Echo::new);
            socket.getOutputStream().write(1);
            assertEquals(1, socket.getInputStream().read());
            assertThrows(IOException.class, () -> renegotiate(socket));
            assertEquals("renegotiation is not supported", echo.failure().getMessage());
        }
    }
}
