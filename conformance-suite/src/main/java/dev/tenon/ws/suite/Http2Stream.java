package dev.tenon.ws.suite;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stream of HTTP/2 that carries a WebSocket, and the peer's frames on it. */
final class Http2Stream extends StreamLink {

    final Http2Connection connection;
    final int id;
    /** How much may be sent; guarded by the connection. */
    long window;

    private volatile boolean givesWindowBack = true;
    private volatile boolean reset;
    /** Whether the peer has ended its direction. */
    private volatile boolean peerEnded;

    private boolean outputEnded;

    Http2Stream(Http2Connection connection, int id, int window) {
        this.connection = connection;
        this.id = id;
        this.window = window;
    }

    // What comes, on the connection's thread

    void head(List<Field> fields, boolean last) {
        peerEnded |= last;
        add(new Event.Headers(fields, last));
    }

    void data(byte[] bytes, boolean last) {
        peerEnded |= last;
        add(new Event.Data(bytes, last));
    }

    void reset(int code) {
        reset = true;
        add(new Event.Reset("RST_STREAM " + Http2Frame.error(code)));
    }

    boolean isReset() {
        return reset;
    }

    boolean givesWindowBack() {
        return givesWindowBack;
    }

    // What the suite does

    @Override
    StreamRules rules() {
        return StreamRules.HTTP_2;
    }

    @Override
    int announcement() {
        return connection.setting(Http2Connection.ENABLE_CONNECT_PROTOCOL);
    }

    /** Stops enlarging the peer's window automatically; only the case does so. */
    void keepWindow() {
        givesWindowBack = false;
    }

    void giveWindow(int bytes) throws IOException {
        connection.send(Http2Frame.of(Http2Frame.WINDOW_UPDATE, id, bytes));
    }

    @Override
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

    @Override
    public @Nullable String stall() {
        return connection.stall();
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
}
