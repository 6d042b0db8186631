package dev.tenon.ws.suite;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A stream of HTTP/2 in a case about the stream itself. Not thread-safe. */
final class CaseStream {
    private final Wire wire;
    private final Http2Stream stream;
    private final List<Field> request;
    private final Duration timeout;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private boolean ended;

    CaseStream(Wire wire, Http2Stream stream, List<Field> request, Duration timeout) {
        this.wire = wire;
        this.stream = stream;
        this.request = request;
        this.timeout = timeout;
    }

    Http2Connection connection() {
        return stream.connection;
    }

    Http2Stream stream() {
        return stream;
    }

    List<Field> request() {
        return request;
    }

    Wire wire() {
        return wire;
    }

    // What the suite does

    /** Opens the stream in the usual way. */
    CaseStream open() throws CaseFailure, IOException {
        if (wire.peer == Side.SERVER) {
            StreamHandshake.ask(wire, stream, request, timeout);
        } else {
            StreamHandshake.checkRequest(request);
            StreamHandshake.accept(wire, stream);
        }
        return this;
    }

    /** Returns another stream of this connection, for the same case. */
    CaseStream another() {
        Http2Stream other = connection().newStream();
        return new CaseStream(new Wire(other, wire.peer, wire.transcript), other, request, timeout);
    }

    /** Closes the peer's window of this stream, on which it has sent nothing yet. */
    void closeWindow() throws IOException {
        stream.keepWindow();
        connection().send(Http2Frame.setting(Http2Connection.INITIAL_WINDOW_SIZE, 0));
        wire.transcript.note("the peer's window is 0");
    }

    /** Sends the request, and does not wait for the response. */
    void ask(List<Field> fields, boolean last) throws IOException {
        StreamHandshake.send(wire, stream, fields, last);
    }

    void send(WireFrame frame) throws IOException {
        wire.transcript.sent(frame.describe(), frame.payload());
        stream.write(wire.encode(frame));
    }

    /** Sends a frame of HTTP/2 without regard to the windows. */
    void frame(int type, int flags, byte[] payload) throws IOException {
        wire.transcript.sent(new Http2Frame(type, flags, stream.id, payload).describe(), payload);
        try {
            stream.frame(type, flags, payload);
        } catch (IOException e) { // bytes that the peer has sent before can still be read
            wire.transcript.note("the peer accepts no more bytes: " + e.getMessage());
        }
    }

    /** Sends a DATA frame with padding. */
    void padded(byte[] content, int padding) throws IOException {
        byte[] payload = new byte[1 + content.length + padding];
        payload[0] = (byte) padding;
        System.arraycopy(content, 0, payload, 1, content.length);
        frame(Http2Frame.DATA, Http2Frame.PADDED, payload);
    }

    byte[] encoded(WireFrame frame) {
        return wire.encode(frame);
    }

    // What the peer does

    /** Reads the status of a response. */
    int status() throws IOException {
        return new Head(wire.readHead(timeout)).status();
    }

    private Http2Stream.Event next(String expected) throws CaseFailure, IOException {
        Http2Stream.Event event = stream.next(timeout);
        if (event == null) {
            throw new CaseFailure("expected " + expected + ", but nothing came within " + timeout.toMillis() + " ms");
        }
        return event;
    }

    /** Expects a text of the peer in one frame. */
    void expectText(String text) throws CaseFailure, IOException {
        expect(WireFrame.text(text), "the text '" + text + "'");
    }

    /** Expects a frame of the peer. */
    void expect(WireFrame frame, String words) throws CaseFailure, IOException {
        boolean masked = wire.peer.masks();
        int length = frame.encode(masked, 0).length;
        while (received.size() < length) {
            take(words);
        }
        byte[] got = received.toByteArray();
        int key = masked ? ByteBuffer.wrap(got).getInt(length - frame.payload().length - 4) : 0;
        byte[] wanted = frame.encode(masked, key);
        Handshake.rule(
                Arrays.equals(wanted, Arrays.copyOf(got, wanted.length)),
                "expected " + words + ", but received: " + Octets.dump(got));
        received.reset();
        received.write(got, wanted.length, got.length - wanted.length);
    }

    private void take(String expected) throws CaseFailure, IOException {
        Http2Stream.Event event = ended ? null : next(expected);
        if (!(event instanceof Http2Stream.Event.Data data)) {
            throw new CaseFailure("expected " + expected + ", but received: " + (event == null ? "END_STREAM" : event));
        }
        wire.transcript.received("DATA" + (data.last() ? ", END_STREAM" : ""), Octets.dump(data.bytes()));
        received.writeBytes(data.bytes());
        ended = data.last();
    }

    /** Expects a Close frame with this code. */
    void expectClose(int code) throws CaseFailure, IOException {
        while (received.size() < 4) {
            take("a Close frame");
        }
        ByteBuffer got = ByteBuffer.wrap(received.toByteArray());
        Handshake.rule((got.get(0) & 255) == 0x88, "expected a Close frame, but received: " + Octets.dump(got.array()));
        if (got.getShort(2) != code) {
            throw new CaseFailure(Verdict.NON_STRICT, "closes with " + got.getShort(2) + " instead of " + code);
        }
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
        Http2Stream.Event event = stream.next(quiet);
        Handshake.rule(event == null, "the peer sends without a window (RFC 9113 §6.9.1): " + event);
    }

    /** Returns the payloads of all frames until the end of the stream, one behind the other. */
    String allText() throws CaseFailure, IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (next("the end of the stream") instanceof Http2Stream.Event.Data data) {
            all.writeBytes(data.bytes());
            if (data.last()) {
                break;
            }
        }
        StringBuilder text = new StringBuilder();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(all.toByteArray()));
        for (int first = in.read(); first >= 0; first = in.read()) {
            text.append(new String(FrameReader.readFrame(in, first).payload(), StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    /** Expects a stream error or a connection error with one of these error codes. */
    void expectError(String... errors) throws CaseFailure, IOException {
        Set<String> right = Set.of(errors);
        Http2Stream.Event event = next("an error " + right);
        while (event instanceof Http2Stream.Event.Data || event instanceof Http2Stream.Event.Headers) {
            event = next("an error " + right);
        }
        String how = StreamOpening.end(wire, event);
        boolean silent = event instanceof Http2Stream.Event.Over && !how.startsWith("GOAWAY");
        if (silent) {
            throw new CaseFailure(Verdict.NON_STRICT, "the connection ends without an error code: " + how);
        }
        if (!right.contains(how.replaceFirst("^(RST_STREAM|GOAWAY) ", ""))) {
            throw new CaseFailure(Verdict.NON_STRICT, "ends with " + how + " instead of " + right);
        }
    }

    /** Expects that the peer ends its direction regularly. */
    void expectEndOfStream() throws CaseFailure, IOException {
        while (!ended) {
            Http2Stream.Event event = next("END_STREAM");
            if (event instanceof Http2Stream.Event.Data data) {
                wire.transcript.received("DATA" + (data.last() ? ", END_STREAM" : ""), Octets.dump(data.bytes()));
                ended = data.last();
            } else if (event instanceof Http2Stream.Event.Headers headers && headers.last()) {
                ended = true;
            } else {
                throw new CaseFailure("expected END_STREAM, but received: " + event);
            }
        }
    }

    /** Expects that the stream ends in any way. */
    void expectEnd() throws CaseFailure, IOException {
        while (!ended) {
            Http2Stream.Event event = next("the end of the stream");
            if (event instanceof Http2Stream.Event.Data data) {
                ended = data.last();
            } else if (event instanceof Http2Stream.Event.Headers headers) {
                ended = headers.last();
            } else {
                StreamOpening.end(wire, event);
                ended = true;
            }
        }
    }

    /**
     * Expects that the connection serves another WebSocket. A client may also end its connection, but not with an
     * error code.
     */
    void expectLife() throws CaseFailure, IOException, InterruptedException {
        if (wire.peer == Side.CLIENT) {
            expectNoError();
            return;
        }
        CaseStream other = another().open();
        other.send(WireFrame.text("alive"));
        other.expectText("alive");
    }

    private void expectNoError() throws CaseFailure, IOException, InterruptedException {
        try {
            connection().send(new Http2Frame(Http2Frame.PING, 0, 0, new byte[8]));
        } catch (IOException e) {
            wire.transcript.note("the client has ended the connection: " + e.getMessage());
        }
        String seen = connection().nextControl("PING");
        wire.transcript.note(seen);
        Handshake.rule(
                !seen.startsWith("GOAWAY") || seen.endsWith("NO_ERROR"), "the connection ends with an error: " + seen);
    }
}
