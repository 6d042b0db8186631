package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * An end of a connection of HTTP/3 (RFC 9114), in either role, over any implementation of QUIC. Its methods for events
 * run on a thread of that implementation.
 */
final class Http3Connection implements QuicTransport.Listener, AutoCloseable {
    private static final int DEFAULT_PORT = 443;

    /** RFC 9220 §3. */
    private static final long ENABLE_CONNECT_PROTOCOL = 8;

    /** An identifier that is reserved for settings that a peer has to ignore (RFC 9114 §7.2.4.1). */
    private static final long UNKNOWN_SETTING = 0x1F * 7 + 0x21;

    /** The role of the other end. */
    final Side peer;

    private final QuicTransport.Connection quic;
    private final List<Http3Stream> streams = new CopyOnWriteArrayList<>();
    /** The streams that a client has opened, and an empty element at the end. */
    private final BlockingQueue<Optional<Http3Stream>> opened = new LinkedBlockingQueue<>();

    private final CompletableFuture<Map<Long, Long>> settings = new CompletableFuture<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private QuicTransport.@Nullable Stream control;

    Http3Connection(QuicTransport.Connection quic, Side peer) {
        this.quic = quic;
        this.peer = peer;
    }

    /** Connects to a server, and waits for its settings. */
    static Http3Connection connect(QuicTransport quic, URI uri, @Nullable TrustManager trust, Duration timeout)
            throws IOException, InterruptedException {
        Http3Connection connection = quic.connect(
                uri.getHost().replaceAll("[\\[\\]]", ""),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                Carrier.HTTP_3.alpn(),
                trust,
                timeout,
                made -> new Http3Connection(made, Side.SERVER));
        connection.start(timeout);
        return connection;
    }

    /** Sends the settings, and waits for those of the other end. */
    void start(Duration timeout) throws IOException, InterruptedException {
        try {
            control = quic.openUnidirectionalStream();
            byte[] own = peer == Side.SERVER
                    ? Http3Frame.numbers(UNKNOWN_SETTING, 1)
                    : Http3Frame.numbers(UNKNOWN_SETTING, 1, ENABLE_CONNECT_PROTOCOL, 1);
            control.write(
                    Octets.join(VarInt.encode(StreamType.CONTROL), new Http3Frame(Http3Frame.SETTINGS, own).encode()));
            awaitSettings(timeout);
        } catch (IOException | InterruptedException e) {
            quic.close(Http3Frame.NO_ERROR);
            throw e;
        }
    }

    private void awaitSettings(Duration timeout) throws IOException, InterruptedException {
        try {
            settings.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException("no SETTINGS: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new SocketTimeoutException("no SETTINGS within " + timeout.toMillis() + " ms");
        }
    }

    /** The peer's value of SETTINGS_ENABLE_CONNECT_PROTOCOL, or -1 if it has not sent it. */
    int announcement() {
        return (int) Math.min(Integer.MAX_VALUE, settings.join().getOrDefault(ENABLE_CONNECT_PROTOCOL, -1L));
    }

    /** Waits for the next stream that the client opens; empty at the end of the connection. */
    Optional<Http3Stream> accept() throws InterruptedException {
        return opened.take();
    }

    /** Opens a stream for a request. */
    Http3Stream newStream() throws IOException {
        Http3Stream stream = new Http3Stream(this);
        stream.start(quic.openStream(stream));
        add(stream);
        return stream;
    }

    private void add(Http3Stream stream) {
        streams.add(stream);
        String how = end.getNow("");
        if (!how.isEmpty()) {
            stream.over(how);
        }
    }

    /** Sends a frame on the control stream. */
    void sendControl(Http3Frame frame) throws IOException {
        control().write(frame.encode());
    }

    /** Ends the control stream, which neither end may do (RFC 9114 §6.2.1). */
    void endControl() throws IOException {
        control().end();
    }

    private QuicTransport.Stream control() {
        QuicTransport.Stream own = control;
        if (own == null) {
            throw new IllegalStateException("not started");
        }
        return own;
    }

    /** Opens a stream of a type in this direction only, and sends these bytes on it. */
    void sendUnidirectional(long type, byte[] bytes) throws IOException {
        quic.openUnidirectionalStream().write(Octets.join(VarInt.encode(type), bytes));
    }

    /** Waits for the end of the connection; empty at the timeout. */
    Optional<String> awaitEnd(Duration timeout) throws InterruptedException {
        try {
            return Optional.of(end.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        quic.close(Http3Frame.NO_ERROR);
    }

    // What comes, on a thread of QUIC

    @Override
    public QuicTransport.Receiver opened(QuicTransport.Stream quicStream) {
        Http3Stream stream = new Http3Stream(this);
        stream.start(quicStream);
        add(stream);
        opened.add(Optional.of(stream));
        return stream;
    }

    @Override
    public QuicTransport.Receiver openedUnidirectional() {
        return new PeerStream();
    }

    @Override
    public void closed(long code, String description) {
        over(code < 0 ? description : "CONNECTION_CLOSE " + Http3Frame.error(code));
    }

    private void over(String how) {
        if (end.complete(how)) {
            settings.completeExceptionally(new IOException(how));
            streams.forEach(stream -> stream.over(how));
            opened.add(Optional.empty());
        }
    }

    /** The types of streams in one direction (RFC 9114 §6.2, RFC 9204 §4.2). */
    static final class StreamType {
        static final long CONTROL = 0;
        static final long PUSH = 1;
        /** A type that is reserved for streams that a peer has to ignore (RFC 9114 §6.2.3). */
        static final long UNKNOWN = 0x1F * 3 + 0x21;

        private StreamType() {}
    }

    /** A stream in the peer's direction only. All but the control stream are ignored. */
    private final class PeerStream implements QuicTransport.Receiver, Http3FrameReader.Output {
        private final Http3FrameReader frames = new Http3FrameReader(this);
        private byte[] begin = new byte[0];
        private long type = -1;

        @Override
        public void received(byte[] bytes) {
            try {
                if (type < 0) {
                    ByteBuffer in = ByteBuffer.wrap(Octets.join(begin, bytes));
                    type = VarInt.read(in);
                    begin = new byte[in.remaining()];
                    in.get(begin);
                    if (type == StreamType.CONTROL) {
                        frames.read(begin);
                    }
                } else if (type == StreamType.CONTROL) {
                    frames.read(bytes);
                }
            } catch (IOException e) {
                over(String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void data(byte[] content) {
            over("the " + peer.word() + " has sent DATA on its control stream (RFC 9114 §7.2.1)");
        }

        @Override
        public void frame(Http3Frame frame) throws IOException {
            boolean first = !settings.isDone();
            if (first != (frame.type() == Http3Frame.SETTINGS)) {
                throw new IOException(frame.describe() + (first ? " comes before SETTINGS" : " comes twice")
                        + " on the control stream of the " + peer.word() + " (RFC 9114 §6.2.1)");
            }
            if (first) {
                settings.complete(settings(ByteBuffer.wrap(frame.payload())));
            }
        }

        private Map<Long, Long> settings(ByteBuffer payload) throws IOException {
            Map<Long, Long> settings = new HashMap<>();
            while (payload.hasRemaining()) {
                long identifier = VarInt.read(payload);
                long value = VarInt.read(payload);
                if (value < 0 || settings.putIfAbsent(identifier, value) != null) {
                    throw new IOException("the SETTINGS of the " + peer.word() + " are malformed (RFC 9114 §7.2.4)");
                }
            }
            return settings;
        }

        @Override
        public void ended() {
            if (type == StreamType.CONTROL) {
                over("the " + peer.word() + " has ended its control stream (RFC 9114 §6.2.1)");
            }
        }

        @Override
        public void reset(long code) {
            ended();
        }
    }
}
