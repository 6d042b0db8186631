package dev.tenon.ws.suite;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stream of HTTP/3 that carries a WebSocket, and the peer's frames on it. */
final class Http3Stream extends StreamLink implements QuicTransport.Receiver {
    final Http3Connection connection;
    private final Http3FrameReader frames = new Http3FrameReader(new Frames());
    private QuicTransport.@Nullable Stream quic;
    /** Whether the peer's direction is over. */
    private volatile boolean inputOver;

    private boolean outputOver;

    Http3Stream(Http3Connection connection) {
        this.connection = connection;
    }

    /** Sets the stream of QUIC, before anything is sent. */
    void start(QuicTransport.Stream opened) {
        quic = opened;
    }

    // What comes, on a thread of QUIC

    @Override
    public void received(byte[] bytes) {
        try {
            frames.read(bytes);
        } catch (IOException e) {
            over(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void ended() {
        inputOver = true;
        if (frames.isBetweenFrames()) {
            add(new Event.Data(new byte[0], true));
        } else {
            over("the " + connection.peer.word() + " has ended the stream within a frame of HTTP/3 (RFC 9114 §7.1)");
        }
    }

    @Override
    public void reset(long code) {
        inputOver = true;
        add(new Event.Reset("RESET_STREAM " + Http3Frame.error(code)));
    }

    private final class Frames implements Http3FrameReader.Output {
        @Override
        public void data(byte[] content) {
            add(new Event.Data(content, false));
        }

        @Override
        public void frame(Http3Frame frame) throws IOException {
            if (frame.type() == Http3Frame.HEADERS) {
                add(new Event.Headers(Qpack.decode(frame.payload()), false));
            } else if (frame.type() <= Http3Frame.MAX_PUSH_ID) {
                throw new IOException("the " + connection.peer.word() + " has sent " + frame.describe()
                        + " on a stream (RFC 9114 §7)");
            }
        }
    }

    // What the suite does

    @Override
    StreamRules rules() {
        return StreamRules.HTTP_3;
    }

    @Override
    int announcement() {
        return connection.announcement();
    }

    @Override
    void open(List<Field> fields, boolean last) throws IOException {
        frame(new Http3Frame(Http3Frame.HEADERS, Qpack.encode(fields)));
        if (last) {
            endOutput();
        }
    }

    void frame(Http3Frame frame) throws IOException {
        raw(frame.encode());
    }

    /** Writes bytes that need not be frames of HTTP/3. */
    void raw(byte[] bytes) throws IOException {
        quic().write(bytes);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        frame(new Http3Frame(Http3Frame.DATA, bytes));
    }

    @Override
    public void endOutput() throws IOException {
        outputOver = true;
        quic().end();
    }

    /** Resets both directions. */
    void cancel(long code) throws IOException {
        outputOver = true;
        quic().reset(code);
    }

    void stopSending(long code) throws IOException {
        quic().stopSending(code);
    }

    private QuicTransport.Stream quic() {
        QuicTransport.Stream opened = quic;
        if (opened == null) {
            throw new IllegalStateException("not open");
        }
        return opened;
    }

    /** QUIC limits the time of each write. */
    @Override
    public @Nullable String stall() {
        return null;
    }

    /** Closes the connection to a server, and resets the stream of a client, whose connection may have others. */
    @Override
    public void close() {
        if (connection.peer == Side.SERVER) {
            connection.close();
        } else if (!inputOver || !outputOver) {
            leave();
        }
    }

    /** Ends what is open. What was sent before the end of this direction can still arrive. */
    private void leave() {
        try {
            if (outputOver) {
                stopSending(Http3Frame.NO_ERROR);
            } else {
                cancel(Http3Frame.REQUEST_CANCELLED);
            }
        } catch (IOException e) {
            inputOver = true; // the client has closed its connection
        }
    }
}
