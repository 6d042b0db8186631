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

/** A stream of HTTP/2 or HTTP/3 in a case about the stream itself. Not thread-safe. */
abstract class CaseStream {
    private final Wire wire;
    private final StreamLink stream;
    private final List<Field> request;
    final Duration timeout;
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private boolean ended;

    CaseStream(Wire wire, StreamLink stream, List<Field> request, Duration timeout) {
        this.wire = wire;
        this.stream = stream;
        this.request = request;
        this.timeout = timeout;
    }

    final List<Field> request() {
        return request;
    }

    final Wire wire() {
        return wire;
    }

    // What the suite does

    /** Opens the stream in the usual way. */
    CaseStream open() throws CaseFailure, IOException {
        if (wire.peer == Side.SERVER) {
            StreamHandshake.ask(wire, stream, request, timeout);
        } else {
            StreamHandshake.checkRequest(request, stream.rules());
            StreamHandshake.accept(wire, stream);
        }
        return this;
    }

    /** Returns another stream of this connection, for the same case. */
    abstract CaseStream another() throws IOException;

    /** Sends the request, and does not wait for the response. */
    void ask(List<Field> fields, boolean last) throws IOException {
        StreamHandshake.send(wire, stream, fields, last);
    }

    void send(WireFrame frame) throws IOException {
        wire.transcript.sent(frame.describe(), frame.payload());
        stream.write(wire.encode(frame));
    }

    byte[] encoded(WireFrame frame) {
        return wire.encode(frame);
    }

    // What the peer does

    /** Reads the status of a response. */
    int status() throws IOException {
        return new Head(wire.readHead(timeout)).status();
    }

    private StreamLink.Event next(String expected) throws CaseFailure, IOException {
        StreamLink.Event event = stream.next(timeout);
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

    final void take(String expected) throws CaseFailure, IOException {
        StreamLink.Event event = ended ? null : next(expected);
        if (!(event instanceof StreamLink.Event.Data data)) {
            throw new CaseFailure(
                    "expected " + expected + ", but received: " + (event == null ? "the end of the stream" : event));
        }
        wire.transcript.received("DATA" + (data.last() ? ", the end of the stream" : ""), Octets.dump(data.bytes()));
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

    /** Returns the payloads of all frames until the end of the stream, one behind the other. */
    String allText() throws CaseFailure, IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (next("the end of the stream") instanceof StreamLink.Event.Data data) {
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
        StreamLink.Event event = next("an error " + right);
        while (event instanceof StreamLink.Event.Data || event instanceof StreamLink.Event.Headers) {
            event = next("an error " + right);
        }
        String how = StreamOpening.end(wire, event);
        boolean silent = event instanceof StreamLink.Event.Over && !how.startsWith("GOAWAY");
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
            StreamLink.Event event = next("the end of the stream");
            if (event instanceof StreamLink.Event.Data data) {
                wire.transcript.received(
                        "DATA" + (data.last() ? ", the end of the stream" : ""), Octets.dump(data.bytes()));
                ended = data.last();
            } else if (event instanceof StreamLink.Event.Headers headers && headers.last()) {
                ended = true;
            } else {
                throw new CaseFailure("expected the end of the stream, but received: " + event);
            }
        }
    }

    /** Expects that the stream ends in any way. */
    void expectEnd() throws CaseFailure, IOException {
        while (!ended) {
            StreamLink.Event event = next("the end of the stream");
            if (event instanceof StreamLink.Event.Data data) {
                ended = data.last();
            } else if (event instanceof StreamLink.Event.Headers headers) {
                ended = headers.last();
            } else {
                StreamOpening.end(wire, event);
                ended = true;
            }
        }
    }

    /** Expects that the connection serves another WebSocket. */
    void expectLife() throws CaseFailure, IOException, InterruptedException {
        CaseStream other = another().open();
        other.send(WireFrame.text("alive"));
        other.expectText("alive");
    }
}
