package dev.tenon.ws.suite;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A stream of HTTP/2 that carries a WebSocket, and the peer's frames on it. */
final class Http2Stream implements Link {

    /** A frame or end that the peer has sent on a stream. */
    sealed interface Event {
        /** A head. */
        record Headers(List<Field> fields, boolean last) implements Event {}

        /** Content of a DATA frame. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Data(byte[] bytes, boolean last) implements Event {}

        /** RST_STREAM. */
        record Reset(String error) implements Event {}

        /** The end of the connection. */
        record Over(String how) implements Event {}
    }

    final Http2Connection connection;
    final int id;
    /** How much may be sent; guarded by the connection. */
    long window;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile boolean givesWindowBack = true;
    private volatile boolean reset;
    /** Whether the peer has ended its direction. */
    private volatile boolean peerEnded;

    private boolean outputEnded;
    private boolean inputEnded;
    private List<Field> head = List.of();

    Http2Stream(Http2Connection connection, int id, int window) {
        this.connection = connection;
        this.id = id;
        this.window = window;
    }

    // What comes, on the connection's thread

    void head(List<Field> fields, boolean last) {
        peerEnded |= last;
        events.add(new Event.Headers(fields, last));
    }

    void data(byte[] bytes, boolean last) {
        peerEnded |= last;
        events.add(new Event.Data(bytes, last));
    }

    void reset(int code) {
        reset = true;
        events.add(new Event.Reset(Http2Frame.error(code)));
    }

    void over(String how) {
        events.add(new Event.Over(how));
    }

    boolean isReset() {
        return reset;
    }

    boolean givesWindowBack() {
        return givesWindowBack;
    }

    // What the suite does

    /** Returns the next event, or null at the timeout. */
    @Nullable
    Event next(Duration deadline) throws IOException {
        try {
            return events.poll(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Stops enlarging the peer's window automatically; only the case does so. */
    void keepWindow() {
        givesWindowBack = false;
    }

    void giveWindow(int bytes) throws IOException {
        connection.send(Http2Frame.of(Http2Frame.WINDOW_UPDATE, id, bytes));
    }

    /** Sends a head in one frame. */
    void open(List<Field> fields, boolean last) throws IOException {
        outputEnded |= last;
        int flags = Http2Frame.END_HEADERS | (last ? Http2Frame.END_STREAM : 0);
        connection.send(new Http2Frame(Http2Frame.HEADERS, flags, id, Hpack.encode(fields)));
    }

    /** Sends a frame without regard to the windows. */
    void frame(int type, int flags, byte[] payload) throws IOException {
        outputEnded |=
                type == Http2Frame.RST_STREAM || (type == Http2Frame.DATA && (flags & Http2Frame.END_STREAM) != 0);
        connection.send(new Http2Frame(type, flags, id, payload));
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            if (reset) {
                throw new IOException("the peer has reset the stream");
            }
            int granted = connection.reserve(this, Math.min(bytes.length - at, connection.longestFrame()));
            frame(Http2Frame.DATA, 0, Arrays.copyOfRange(bytes, at, at + granted));
            at += granted;
        }
    }

    @Override
    public void endOutput() throws IOException {
        frame(Http2Frame.DATA, Http2Frame.END_STREAM, new byte[0]);
    }

    /** Returns the fields of the head that was read last. */
    List<Field> head() {
        return head;
    }

    /** Returns a head in the form of HTTP/1.1, with its status, or its method and path, in the first line. */
    @Override
    public String readHead(Duration deadline) throws IOException {
        while (true) {
            Event event = next(deadline);
            if (event == null) {
                throw new SocketTimeoutException("no response within " + deadline.toMillis() + " ms");
            }
            if (!(event instanceof Event.Headers headers)) {
                events.add(event); // the end, after which no event comes
                return "";
            }
            inputEnded = headers.last();
            head = headers.fields();
            String text = text(head);
            if (!text.startsWith("HTTP/2 1")) { // RFC 9110 §15.2: an interim response
                return text;
            }
        }
    }

    private static String text(List<Field> fields) {
        String method = value(fields, ":method");
        String first = method.isEmpty()
                ? "HTTP/2 " + value(fields, ":status")
                : method + " " + value(fields, ":path") + " HTTP/2";
        return first + fields.stream().map(field -> "\r\n" + field).collect(Collectors.joining()) + "\r\n\r\n";
    }

    private static String value(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .findFirst()
                .orElse("");
    }

    @Override
    public InputStream input() {
        return new Content();
    }

    /** Closes the connection of a server under test, and resets the stream of a client, whose connection may have others. */
    @Override
    public void close() throws IOException {
        if (connection.peer == Side.SERVER) {
            connection.close();
        } else if (!reset && !(outputEnded && peerEnded)) {
            cancel();
        }
    }

    private void cancel() {
        try {
            connection.send(Http2Frame.of(Http2Frame.RST_STREAM, id, Http2Frame.CANCEL));
        } catch (IOException e) {
            reset = true; // the client has closed its connection
        }
    }

    /** The contents of the DATA frames in order. */
    private final class Content extends InputStream {
        private byte[] bytes = new byte[0];
        private int at;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            while (length > 0 && at == bytes.length) {
                if (inputEnded) {
                    return -1;
                }
                take();
            }
            int taken = Math.min(length, bytes.length - at);
            System.arraycopy(bytes, at, to, offset, taken);
            at += taken;
            return taken;
        }

        private void take() throws IOException {
            Event event;
            try {
                event = events.take();
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
            if (event instanceof Event.Data data) {
                bytes = data.bytes();
                at = 0;
                inputEnded = data.last();
            } else if (event instanceof Event.Headers headers) {
                throw new IOException("the peer has sent a second head: " + headers.fields());
            } else if (event instanceof Event.Reset reset) {
                throw new IOException("RST_STREAM " + reset.error());
            } else if (event instanceof Event.Over over) {
                throw new IOException(over.how());
            }
        }
    }
}
