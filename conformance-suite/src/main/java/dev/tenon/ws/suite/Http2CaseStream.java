package dev.tenon.ws.suite;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A stream of HTTP/2 in a case about the stream itself. Not thread-safe. */
final class Http2CaseStream extends CaseStream {
    private final Http2Stream stream;

    Http2CaseStream(Wire wire, Http2Stream stream, List<Field> request, Duration timeout) {
        super(wire, stream, request, timeout);
        this.stream = stream;
    }

    Http2Connection connection() {
        return stream.connection;
    }

    Http2Stream stream() {
        return stream;
    }

    @Override
    Http2CaseStream open() throws CaseFailure, IOException {
        super.open();
        return this;
    }

    @Override
    Http2CaseStream another() {
        Http2Stream other = connection().newStream();
        return new Http2CaseStream(new Wire(other, wire().peer, wire().transcript), other, request(), timeout);
    }

    /** Closes the peer's window of this stream, on which it has sent nothing yet. */
    void closeWindow() throws IOException {
        stream.keepWindow();
        connection().send(Http2Frame.setting(Http2Connection.INITIAL_WINDOW_SIZE, 0));
        wire().transcript.note("the peer's window is 0");
    }

    /** Sends a frame of HTTP/2 without regard to the windows. */
    void frame(int type, int flags, byte[] payload) throws IOException {
        wire().transcript.sent(new Http2Frame(type, flags, stream.id, payload).describe(), payload);
        try {
            stream.frame(type, flags, payload);
        } catch (IOException e) { // bytes that the peer has sent before can still be read
            wire().transcript.note("the peer accepts no more bytes: " + e.getMessage());
        }
    }

    /** Sends a DATA frame with padding. */
    void padded(byte[] content, int padding) throws IOException {
        byte[] payload = new byte[1 + content.length + padding];
        payload[0] = (byte) padding;
        System.arraycopy(content, 0, payload, 1, content.length);
        frame(Http2Frame.DATA, Http2Frame.PADDED, payload);
    }

    /** Expects exactly this number of bytes from the peer, and keeps them for {@link #expectText}. */
    void expectBytes(int length) throws CaseFailure, IOException {
        int before = received.size();
        take("a byte");
        int taken = received.size() - before;
        Handshake.rule(taken == length, "the peer sends " + taken + " bytes in a window of " + length);
    }

    /** Expects that nothing arrives for this time. */
    void expectSilence(Duration quiet) throws CaseFailure, IOException {
        StreamLink.Event event = stream.next(quiet);
        Handshake.rule(event == null, "the peer sends without a window (RFC 9113 §6.9.1): " + event);
    }

    /**
     * Expects that the connection serves another WebSocket. A client may also end its connection, but not with an
     * error code.
     */
    @Override
    void expectLife() throws CaseFailure, IOException, InterruptedException {
        if (wire().peer == Side.CLIENT) {
            expectNoError();
            return;
        }
        super.expectLife();
    }

    private void expectNoError() throws CaseFailure, IOException, InterruptedException {
        try {
            connection().send(new Http2Frame(Http2Frame.PING, 0, 0, new byte[8]));
        } catch (IOException e) {
            wire().transcript.note("the client has ended the connection: " + e.getMessage());
        }
        String seen = connection().nextControl("PING");
        wire().transcript.note(seen);
        Handshake.rule(
                !seen.startsWith("GOAWAY") || seen.endsWith("NO_ERROR"), "the connection ends with an error: " + seen);
    }
}
