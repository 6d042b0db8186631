package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tenon.keys.TestKey;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer that does not read ends its case, and not the run: 16 MiB are more than any buffer between them. */
class StalledPeerTest {
    private static final Settings SHORT_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofMillis(50), Duration.ofMillis(700));

    private static final String STALLED = "the peer has read nothing for 700 ms";
    private static final byte[] PREFACE = Octets.utf8("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    @TempDir
    private Path folder;

    private final CountDownLatch done = new CountDownLatch(1);

    @AfterEach
    void endThePeer() {
        done.countDown();
    }

    private void readNothing(Wire wire) throws InterruptedException {
        done.await();
    }

    private static Outcome play(RawServer server, Player.Connector connector) {
        return assertTimeoutPreemptively(RawServer.LONG, () -> server.play(SHORT_TIMEOUTS, "9.1.6", connector));
    }

    private static Player.Connector tcp(RawServer server) {
        return transcript -> {
            Socket tcp = new Socket("127.0.0.1", server.uri().getPort());
            return new Wire(new TcpLink(new PeerSocket(tcp, SHORT_TIMEOUTS.timeout())), Side.SERVER, transcript);
        };
    }

    @Test
    void aServerThatReadsNothingIsFailed() throws Exception {
        try (RawServer server = new RawServer(this::readNothing)) {
            Outcome outcome = play(server, tcp(server));
            assertEquals(Verdict.FAILED, outcome.verdict());
            assertEquals(STALLED, outcome.reason());
        }
    }

    @Test
    void aServerThatReadsNothingAfterItsCloseFrameHasRefused() throws Exception {
        try (RawServer server = new RawServer(wire -> {
            wire.send(wire.encode(WireFrame.close(1009, "")), Integer.MAX_VALUE);
            readNothing(wire);
        })) {
            Outcome outcome = play(server, tcp(server));
            assertEquals(Verdict.INFORMATIONAL, outcome.verdict(), outcome.reason());
        }
    }

    @Test
    void aServerWithTlsThatReadsNothingIsFailed() throws Exception {
        TestKey key = TestKey.make(folder, "localhost");
        SSLSocketFactory trusting = TestKey.withoutKey(key).getSocketFactory();
        try (RawServer server = new RawServer(key.trusting(), this::readNothing)) {
            Outcome outcome = play(server, transcript -> {
                Socket tcp = new Socket("127.0.0.1", server.uri().getPort());
                SSLSocket tls = (SSLSocket) trusting.createSocket(tcp, "localhost", tcp.getPort(), true);
                tls.startHandshake();
                PeerSocket socket = new PeerSocket(tcp, tls, SHORT_TIMEOUTS.timeout());
                return new Wire(new TcpLink(socket), Side.SERVER, transcript);
            });
            assertEquals(Verdict.FAILED, outcome.verdict());
            assertEquals(STALLED, outcome.reason());
        }
    }

    @Test
    void aServerOfHttp2ThatReadsNothingIsFailed() throws Exception {
        try (RawServer server = RawServer.withoutHandshake(this::readOnlyTheRequest)) {
            Outcome outcome = play(server, transcript -> {
                PeerSocket socket =
                        new PeerSocket(new Socket("127.0.0.1", server.uri().getPort()), SHORT_TIMEOUTS.timeout());
                return new Wire(connect(socket).newStream(), Side.SERVER, transcript);
            });
            assertEquals(Verdict.FAILED, outcome.verdict());
            assertEquals(STALLED, outcome.reason());
        }
    }

    private static Http2Connection connect(PeerSocket socket) throws IOException {
        try {
            return new Http2Connection(socket, Side.SERVER, RawServer.LONG, 65_535);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    /** Accepts the first request. */
    private void readOnlyTheRequest(Socket socket) throws IOException, InterruptedException {
        DataInputStream in = openWindows(socket);
        Http2Frame next = Http2Frame.read(in);
        while (next.type() != Http2Frame.HEADERS) {
            next = Http2Frame.read(in);
        }
        byte[] response = Hpack.encode(List.of(new Field(":status", "200")));
        socket.getOutputStream()
                .write(new Http2Frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS, next.stream(), response).encode());
        done.await();
    }

    /** Sends settings with the largest windows. Returns the input after the preface. */
    private static DataInputStream openWindows(Socket socket) throws IOException {
        int largest = Integer.MAX_VALUE;
        socket.getOutputStream()
                .write(Octets.join(
                        Http2Frame.setting(Http2Connection.ENABLE_CONNECT_PROTOCOL, 1)
                                .encode(),
                        Http2Frame.setting(Http2Connection.INITIAL_WINDOW_SIZE, largest)
                                .encode(),
                        Http2Frame.of(Http2Frame.WINDOW_UPDATE, 0, largest - 65_535)
                                .encode()));
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        in.readNBytes(PREFACE.length);
        return in;
    }

    /** The suite reads while it writes, and does not wait for the server with its replies. */
    @Test
    void aServerThatReadsOnlyWhenItsOutputIsReadIsNotStalled() throws Exception {
        try (RawServer server = RawServer.withoutHandshake(StalledPeerTest::sendBack);
                Http2Connection connection = connect(
                        new PeerSocket(new Socket("127.0.0.1", server.uri().getPort()), RawServer.LONG))) {
            Http2Stream stream = connection.newStream();
            assertTimeoutPreemptively(RawServer.LONG, () -> stream.write(new byte[16 << 20]));
        }
    }

    private static void sendBack(Socket socket) throws IOException {
        DataInputStream in = openWindows(socket);
        while (true) {
            Http2Frame frame = Http2Frame.read(in);
            if (frame.type() == Http2Frame.DATA) {
                socket.getOutputStream().write(frame.encode());
            }
        }
    }

    @Test
    void aClientThatReadsNothingIsInTheReport() throws Exception {
        Settings settings = Settings.DEFAULT.withTimeouts(Duration.ofMillis(50), Duration.ofSeconds(2));
        CountDownLatch played = new CountDownLatch(1);
        try (FuzzingServer server = FuzzingServer.listen(
                new InetSocketAddress("127.0.0.1", 0),
                settings,
                Selection.of("9.1.6"),
                folder,
                (id, verdict, count, all) -> played.countDown())) {
            try (Socket client = open(server.port(), "/run?case=1")) {
                assertEquals('H', client.getInputStream().read());
                assertTimeoutPreemptively(RawServer.LONG, () -> played.await());
                try (Socket other = open(server.port(), "/report")) {
                    other.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
            }
            Report report = server.nextReport(10);
            assertNotNull(report);
            assertEquals(List.of("9.1.6 failed: text of 16 MiB: " + STALLED.replace("700", "2000")), report.red());
        }
    }

    private static Socket open(int port, String path) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1 << 14);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        URI uri = URI.create("ws://127.0.0.1:" + port + path);
        socket.getOutputStream().write(Octets.utf8(Handshake.request(uri, Handshake.key(), "")));
        return socket;
    }
}
