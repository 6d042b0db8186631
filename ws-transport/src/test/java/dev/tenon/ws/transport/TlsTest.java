package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.sockets.HoldingSocket;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links over TLS on the loopback interface; the other end is the JDK's TLS over blocking sockets. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsTest extends TlsTestBase {
    /** A socket that passes each byte to the network separately. */
    private static final class ByteByByteSocket extends Socket {
        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()); // FilterOutputStream writes byte by byte
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void recordsInSingleBytesAreTheSameRecords(String protocol) throws Exception {
        byte[] sent = random(20_000);
        try (SSLSocket socket = tls(raw(new ByteByByteSocket()), protocol)) {
            Echo echo = accept(Echo::new);
            socket.getOutputStream().write(sent);
            assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
            assertTrue(echo.opened.isDone());
            assertEquals(protocol, Objects.requireNonNull(echo.link.session()).getProtocol());
            socket.shutdownOutput(); // close_notify
            assertEquals(-1, socket.getInputStream().read(), "and one back, without which this were an exception");
            assertEquals(Optional.empty(), echo.closed.get(10, TimeUnit.SECONDS));
            assertTrue(echo.ended.isDone());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void allWrittenBytesLeaveBeforeTheEndHoweverSlowThePeer(String protocol) throws Exception {
        byte[] sent = random(12_000_000);
        CompletableFuture<Long> backlog = new CompletableFuture<>();
        try (SSLSocket socket = tls(raw(new Socket()), protocol)) {
            Echo echo = accept(Echo::new);
            socket.startHandshake();
            assertTrue(echo.opened.get(10, TimeUnit.SECONDS));
            echo.link.loop().execute(() -> {
                for (int at = 0; at < sent.length; ) {
                    int small = Math.min(1000, sent.length - at);
                    echo.link.reserve(small).put(sent, at, small);
                    at += small;
                    int large = Math.min(70_000, sent.length - at);
                    echo.link.write(ByteBuffer.wrap(sent, at, large));
                    at += large;
                }
                backlog.complete(echo.link.backlog());
                echo.link.finish();
            });
            assertTrue(backlog.get(20, TimeUnit.SECONDS) > 0, "the peer has read nothing, so most of it waits");
            assertArrayEquals(sent, socket.getInputStream().readAllBytes());
            assertEquals(Optional.empty(), echo.closed.get(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anEndWithoutCloseNotifyIsAnEnd(String protocol) throws Exception {
        Socket raw = raw(new Socket());
        SSLSocket socket = tls(raw, protocol);
        Echo echo = accept(Echo::new);
        socket.getOutputStream().write(1);
        assertEquals(1, socket.getInputStream().read());
        raw.shutdownOutput();
        assertTrue(echo.ended.get(10, TimeUnit.SECONDS));
        assertEquals(Optional.empty(), echo.closed.get(10, TimeUnit.SECONDS));
        raw.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bytesLeftBeforeAPauseComeFirstAfterIt(String protocol) throws Exception {
        byte[] sent = random(50_000);
        class RejectingProtocol extends Echo {
            RejectingProtocol(Link link) {
                super(link);
            }

            @Override
            public void received(ByteBuffer input) {
                byte[] some = new byte[Math.min(97, input.remaining())];
                input.get(some);
                link.reserve(some.length).put(some);
                link.pauseInput();
                link.loop().execute(link::resume);
            }
        }
        try (SSLSocket socket = tls(raw(new Socket()), protocol)) {
            Echo echo = accept(RejectingProtocol::new);
            socket.getOutputStream().write(sent);
            assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
            socket.shutdownOutput();
            assertTrue(echo.ended.get(10, TimeUnit.SECONDS));
        }
    }

    /** Its second record is still encrypted when writing fails, and the protocol does not read. */
    @Test
    void recordsOfThePeerBeforeAFailedWriteAreReadFirst() throws Exception {
        class Pausing extends Echo {
            final CompletableFuture<Boolean> first = new CompletableFuture<>();
            final CompletableFuture<Byte> second = new CompletableFuture<>();

            Pausing(Link link) {
                super(link);
            }

            @Override
            public void received(ByteBuffer input) {
                byte next = input.get();
                if (first.complete(true)) {
                    link.pauseInput();
                } else {
                    second.complete(next);
                }
            }

            void writeUntilBroken() {
                if (link.isBroken()) {
                    link.resume();
                } else {
                    link.reserve(1).put((byte) 0);
                    link.execute(this::writeUntilBroken);
                }
            }
        }
        HoldingSocket raw = new HoldingSocket();
        SSLSocket socket = tls(raw(raw), "TLSv1.3");
        Pausing pausing = accept(Pausing::new);
        socket.startHandshake();
        raw.hold();
        socket.getOutputStream().write(1);
        socket.getOutputStream().write(2);
        raw.release();
        assertTrue(pausing.first.get(10, TimeUnit.SECONDS));
        raw.setSoLinger(true, 0);
        raw.close();
        pausing.link.execute(pausing::writeUntilBroken);
        assertEquals((byte) 2, pausing.second.get(10, TimeUnit.SECONDS));
        assertTrue(pausing.closed.get(10, TimeUnit.SECONDS).isPresent());
    }

    /** A record is longer than its bytes, so that the written bytes cannot be compared with the backlog. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bytesThatWaitHaveNotLeft(String protocol) throws Exception {
        CompletableFuture<List<Long>> left = new CompletableFuture<>();
        try (SSLSocket socket = tls(raw(new Socket()), protocol)) {
            Echo echo = accept(Echo::new);
            socket.startHandshake();
            assertTrue(echo.opened.get(10, TimeUnit.SECONDS));
            echo.link.loop().execute(() -> {
                echo.link.write(ByteBuffer.allocate(12_000_000));
                echo.link.flush();
                long before = echo.link.left();
                for (int i = 0; i < 100; i++) {
                    echo.link.reserve(1).put((byte) i);
                    echo.link.flush();
                }
                left.complete(List.of(before, echo.link.left()));
            });
            List<Long> seen = left.get(20, TimeUnit.SECONDS);
            assertTrue(seen.get(0) > 0 && seen.get(0).equals(seen.get(1)), seen::toString);
        }
    }

    /** In TLS 1.2 the close_notify of a peer ends both directions, so that the bytes cannot be sent: the link ends. */
    @ParameterizedTest
    @ValueSource(ints = {10, 100_000})
    void bytesBehindTheEndOfBothDirectionsFailTheLink(int length) throws Exception {
        class Answering extends Echo {
            Answering(Link link) {
                super(link);
            }

            @Override
            public void inputEnded() {
                assertTrue(ended.complete(true), "ended twice");
                link.loop().execute(() -> link.write(ByteBuffer.allocate(length)));
            }
        }
        try (SSLSocket socket = tls(raw(new Socket()), "TLSv1.2")) {
            Answering answering = accept(Answering::new);
            socket.getOutputStream().write(1);
            assertEquals(1, socket.getInputStream().read());
            socket.shutdownOutput();
            assertEquals(
                    "TLS has ended before all bytes were sent",
                    answering.failure().getMessage());
            assertEquals(length, answering.link.backlog(), "bytes that were not sent");
            CompletableFuture<Boolean> others = new CompletableFuture<>();
            loops.next().execute(() -> others.complete(true));
            assertTrue(others.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void anExceptionOfTheEngineAtTheEndOfAnEventFailsTheLink() throws Exception {
        class FailingEngine extends PostHandshakeEngine {
            volatile boolean fails;

            FailingEngine() {
                super(server.createSSLEngine());
            }

            @Override
            public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer into)
                    throws SSLException {
                if (fails) {
                    throw new IllegalStateException("deliberate");
                }
                return super.wrap(from, offset, length, into);
            }
        }
        FailingEngine engine = new FailingEngine();
        try (SSLSocket socket = tls(raw(new Socket()), "TLSv1.3")) {
            Echo echo = accept(engine, Echo::new);
            socket.startHandshake();
            assertTrue(echo.opened.get(10, TimeUnit.SECONDS));
            engine.fails = true;
            socket.getOutputStream().write(1);
            assertEquals(
                    "deliberate",
                    Objects.requireNonNull(echo.failure().getCause()).getMessage());
        }
    }

    @Test
    void keysMayBeUpdated() throws Exception {
        try (SSLSocket socket = tls(raw(new Socket()), "TLSv1.3")) {
            Echo echo = accept(Echo::new);
            for (int i = 0; i < 3; i++) {
                socket.startHandshake(); // in TLS 1.3, a KeyUpdate that requests another one
                byte[] sent = random(1000 + i);
                socket.getOutputStream().write(sent);
                assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
            }
            assertTrue(!echo.closed.isDone());
        }
    }
}
