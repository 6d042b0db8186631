package dev.tenon.ws.suite;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An end of a connection of HTTP/2 (RFC 9113), in either role. A thread of its own reads, so windows are enlarged and
 * pings are answered during any case. This object guards the windows of both directions.
 */
final class Http2Connection implements AutoCloseable {
    static final int HEADER_TABLE_SIZE = 1;
    private static final int ENABLE_PUSH = 2;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final byte[] PREFACE = Octets.utf8("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    private static final int FIRST_WINDOW = 65_535;
    private static final int LARGE_WINDOW = 1 << 30;

    final Duration timeout;
    private final PeerSocket socket;
    private final Http2Output output;
    private final Map<Integer, Http2Stream> streams = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> settings = new ConcurrentHashMap<>();
    private final BlockingQueue<String> control = new LinkedBlockingQueue<>();
    /** The streams that a client has opened, and an empty element at the end. */
    private final BlockingQueue<Optional<Http2Stream>> opened = new LinkedBlockingQueue<>();

    private final Hpack hpack = new Hpack();
    /** The role of the other end. */
    final Side peer;

    private long window = FIRST_WINDOW;
    private int nextStream = 1;
    private volatile @Nullable String end;
    /** Whether no stream goes on; a GOAWAY without an error only forbids new ones (RFC 9113 §6.8). */
    private volatile boolean over;

    /**
     * Opens the connection, and waits for the settings of the other end.
     *
     * @param peer the role of the other end
     * @param streamWindow how much the other end may send on each stream before its window is enlarged
     */
    Http2Connection(PeerSocket socket, Side peer, Duration timeout, int streamWindow)
            throws IOException, InterruptedException {
        this.socket = socket;
        output = new Http2Output(socket);
        this.peer = peer;
        this.timeout = timeout;
        ByteArrayOutputStream begin = new ByteArrayOutputStream();
        if (peer == Side.SERVER) {
            begin.writeBytes(PREFACE);
            begin.writeBytes(Http2Frame.setting(ENABLE_PUSH, 0).encode());
        } else {
            begin.writeBytes(Http2Frame.setting(ENABLE_CONNECT_PROTOCOL, 1).encode());
        }
        begin.writeBytes(Http2Frame.setting(INITIAL_WINDOW_SIZE, streamWindow).encode());
        begin.writeBytes(
                Http2Frame.of(Http2Frame.WINDOW_UPDATE, 0, LARGE_WINDOW).encode());
        output.write(begin.toByteArray());
        output.start();
        Thread reader = new Thread(this::read, "suite-http2");
        reader.setDaemon(true);
        reader.start();
        awaitControl("SETTINGS");
    }

    /** Waits for a frame of the connection itself: SETTINGS, or the acknowledgement of a PING. */
    void awaitControl(String wanted) throws IOException, InterruptedException {
        String seen = nextControl(wanted);
        if (!seen.equals(wanted)) {
            throw new IOException("expected " + wanted + ", but received: " + seen);
        }
    }

    /** The next frame of the connection itself, or how the connection has ended. SETTINGS may come at any time. */
    String nextControl(String wanted) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        while (!deadline.hasPassed()) {
            String seen = control.poll(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
            if (seen != null && (seen.equals(wanted) || !seen.equals("SETTINGS"))) {
                return seen;
            }
        }
        throw new SocketTimeoutException("no " + wanted + " within " + timeout.toMillis() + " ms");
    }

    /** Waits for the next stream that the client opens; empty at the end of the connection. */
    Optional<Http2Stream> accept() throws InterruptedException {
        return opened.take();
    }

    /** A setting of the server, or -1 if it has not sent it. */
    int setting(int id) {
        return settings.getOrDefault(id, -1);
    }

    Http2Stream newStream() {
        synchronized (this) {
            Http2Stream stream = new Http2Stream(this, nextStream, setting(INITIAL_WINDOW_SIZE, FIRST_WINDOW));
            streams.put(nextStream, stream);
            nextStream += 2;
            return stream;
        }
    }

    private int setting(int id, int otherwise) {
        return settings.getOrDefault(id, otherwise);
    }

    int longestFrame() {
        return setting(MAX_FRAME_SIZE, 1 << 14);
    }

    void send(Http2Frame... frames) throws IOException {
        output.write(Arrays.stream(frames).map(Http2Frame::encode).toArray(byte[][]::new));
    }

    /** Why the suite has closed this connection, if the peer does not read. */
    @Nullable
    String stall() {
        return socket.stall();
    }

    // Windows

    /** Waits until at least one byte may be sent on a stream; returns how many may be sent. */
    int reserve(Http2Stream stream, int wanted) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (this) {
            while (Math.min(window, stream.window) <= 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || over || stream.isReset()) {
                    throw new IOException(left <= 0 ? "the peer does not enlarge the window" : "the stream is over");
                }
                await(left);
            }
            int granted = (int) Math.min(wanted, Math.min(window, stream.window));
            window -= granted;
            stream.window -= granted;
            return granted;
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the caller has the loop
    private void await(long millis) throws IOException {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    void wake() {
        synchronized (this) {
            notifyAll();
        }
    }

    // Reading

    private void read() {
        String how = "the peer has ended the connection";
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.input(), 1 << 16));
            if (peer == Side.CLIENT && !Arrays.equals(in.readNBytes(PREFACE.length), PREFACE)) {
                throw new IOException("the client does not speak HTTP/2 at once (RFC 9113 §3.4)");
            }
            while (true) {
                received(in, Http2Frame.read(in));
            }
        } catch (IOException e) {
            how = e.getMessage() == null ? how : "the connection was reset: " + e.getMessage();
        }
        String known = end;
        end = known == null ? how : known;
        over = true;
        control.add(String.valueOf(end));
        streams.values().forEach(stream -> stream.over(String.valueOf(end)));
        opened.add(Optional.empty());
        output.end();
        wake();
    }

    private void received(DataInputStream in, Http2Frame frame) throws IOException {
        Http2Stream stream = streams.get(frame.stream());
        switch (frame.type()) {
            case Http2Frame.DATA -> data(stream, frame);
            case Http2Frame.HEADERS -> headers(in, stream, frame);
            case Http2Frame.RST_STREAM -> {
                if (stream != null) {
                    stream.reset(frame.number(0));
                    wake();
                }
            }
            case Http2Frame.SETTINGS -> settings(frame);
            case Http2Frame.PING -> {
                if (frame.has(Http2Frame.ACK)) {
                    control.add("PING");
                } else {
                    output.reply(new Http2Frame(Http2Frame.PING, Http2Frame.ACK, 0, frame.payload()));
                }
            }
            case Http2Frame.GOAWAY -> goAway(Http2Frame.error(frame.number(4)));
            case Http2Frame.WINDOW_UPDATE -> windowUpdate(stream, frame);
            default -> {} // RFC 9113 §4.1
        }
    }

    private void goAway(String error) {
        String how = "GOAWAY " + error;
        end = how;
        if (!error.equals("NO_ERROR")) {
            over = true;
            wake();
            streams.values().forEach(stream -> stream.over(how));
        }
    }

    private void data(@Nullable Http2Stream stream, Http2Frame frame) throws IOException {
        int length = frame.payload().length;
        if (stream == null) {
            return;
        }
        stream.data(frame.content(), frame.has(Http2Frame.END_STREAM));
        if (length > 0) {
            output.reply(Http2Frame.of(Http2Frame.WINDOW_UPDATE, 0, length));
            if (stream.givesWindowBack() && !frame.has(Http2Frame.END_STREAM)) {
                output.reply(Http2Frame.of(Http2Frame.WINDOW_UPDATE, frame.stream(), length));
            }
        }
    }

    private void headers(DataInputStream in, @Nullable Http2Stream stream, Http2Frame first) throws IOException {
        List<Field> fields = hpack.decode(first.block(in));
        if (stream != null) {
            stream.head(fields, first.has(Http2Frame.END_STREAM));
        } else if (peer == Side.CLIENT) {
            Http2Stream fresh = new Http2Stream(this, first.stream(), setting(INITIAL_WINDOW_SIZE, FIRST_WINDOW));
            synchronized (this) {
                streams.put(first.stream(), fresh);
            }
            fresh.head(fields, first.has(Http2Frame.END_STREAM));
            opened.add(Optional.of(fresh));
        }
    }

    private void settings(Http2Frame frame) throws IOException {
        if (frame.has(Http2Frame.ACK)) {
            return;
        }
        for (int at = 0; at + 6 <= frame.payload().length; at += 6) {
            int id = frame.number(at) >>> 16;
            int value = frame.number(at + 2);
            synchronized (this) {
                if (id == INITIAL_WINDOW_SIZE) {
                    int difference = value - setting(INITIAL_WINDOW_SIZE, FIRST_WINDOW);
                    streams.values().forEach(stream -> stream.window += difference);
                }
                settings.put(id, value);
                notifyAll();
            }
        }
        send(new Http2Frame(Http2Frame.SETTINGS, Http2Frame.ACK, 0, new byte[0])); // before frames that need them
        control.add("SETTINGS");
    }

    private void windowUpdate(@Nullable Http2Stream stream, Http2Frame frame) throws IOException {
        int increment = frame.number(0);
        synchronized (this) {
            if (frame.stream() == 0) {
                window += increment;
            } else if (stream != null) {
                stream.window += increment;
            }
            notifyAll();
        }
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
