package dev.tenon.ws.suite;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A stream of HTTP/3 in a case about the stream itself. Not thread-safe. */
final class Http3CaseStream extends CaseStream {
    /** How long a client may take to report an error of the connection. Nothing else tells when it has read all. */
    private static final Duration QUIET = Duration.ofMillis(200);

    private final Http3Stream stream;

    Http3CaseStream(Wire wire, Http3Stream stream, List<Field> request, Duration timeout) {
        super(wire, stream, request, timeout);
        this.stream = stream;
    }

    Http3Connection connection() {
        return stream.connection;
    }

    @Override
    Http3CaseStream open() throws CaseFailure, IOException {
        super.open();
        return this;
    }

    @Override
    Http3CaseStream another() throws IOException {
        Http3Stream other = connection().newStream();
        return new Http3CaseStream(new Wire(other, wire().peer, wire().transcript), other, request(), timeout);
    }

    /** Sends a frame of HTTP/3. */
    void frame(long type, byte[] payload) throws IOException {
        Http3Frame frame = new Http3Frame(type, payload);
        raw(frame.describe(), frame.encode());
    }

    /** Sends bytes that need not be frames of HTTP/3. */
    void raw(String what, byte[] bytes) throws IOException {
        wire().transcript.sent(what, bytes);
        try {
            stream.raw(bytes);
        } catch (IOException e) { // bytes that the peer has sent before can still be read
            wire().transcript.note("the peer accepts no more bytes: " + e.getMessage());
        }
    }

    /** Ends this direction. */
    void end() throws IOException {
        wire().transcript.note("the suite ends the stream");
        stream.endOutput();
    }

    /** Resets both directions. */
    void cancel() throws IOException {
        wire().transcript.note("the suite sends RESET_STREAM and STOP_SENDING, H3_REQUEST_CANCELLED");
        stream.cancel(Http3Frame.REQUEST_CANCELLED);
    }

    /** Asks the peer to reset its direction. */
    void stopSending() throws IOException {
        wire().transcript.note("the suite sends STOP_SENDING, H3_REQUEST_CANCELLED");
        stream.stopSending(Http3Frame.REQUEST_CANCELLED);
    }

    /** Expects a connection error with this error code. The peer may end or reset the stream before. */
    void expectConnectionError(String error) throws CaseFailure, IOException {
        StreamLink.Event event = stream.next(timeout);
        while (event != null && !(event instanceof StreamLink.Event.Over)) {
            wire().transcript.note(event instanceof StreamLink.Event.Reset reset ? reset.how() : "" + event);
            event = stream.next(timeout);
        }
        if (event == null) {
            throw new CaseFailure("the connection does not end within " + timeout.toMillis() + " ms");
        }
        String how = StreamOpening.end(wire(), event);
        if (!how.equals("CONNECTION_CLOSE " + error)) {
            throw new CaseFailure(Verdict.NON_STRICT, "ends with " + how + " instead of " + error);
        }
    }

    /**
     * Expects that the connection serves another WebSocket. A client may also end its connection, but not with an
     * error code. Unknown error codes are no errors (RFC 9114 §8).
     */
    @Override
    void expectLife() throws CaseFailure, IOException, InterruptedException {
        if (wire().peer == Side.SERVER) {
            super.expectLife();
            return;
        }
        String how = connection().awaitEnd(QUIET).orElse("");
        boolean isError = how.matches("CONNECTION_CLOSE (H3|QPACK)_.*") && !how.endsWith("H3_NO_ERROR");
        Handshake.rule(!isError, "the connection ends with an error: " + how);
    }
}
