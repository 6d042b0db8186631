package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import dev.tenon.ws.suite.Http3Connection.StreamType;
import dev.tenon.ws.suite.StreamOpening.Action;
import dev.tenon.ws.suite.StreamOpening.Http3StreamActions;
import java.io.IOException;
import java.util.List;

/** Groups 5 and 6 of chapter 24: what a peer of HTTP/3 must not send on a stream, on its control stream or on another one. */
final class Http3ErrorCases {
    private static final WireFrame HELLO = Http3StreamCases.HELLO;
    private static final String UNEXPECTED = "H3_FRAME_UNEXPECTED";
    private static final String BAD_ID = "H3_ID_ERROR";

    private final Chapter chapter;
    private final Side peer;

    Http3ErrorCases(Chapter chapter, Side peer) {
        this.chapter = chapter;
        this.peer = peer;
    }

    void add() {
        fields();
        forbiddenFrames();
        badHeads();
        controlStream();
        otherStreams();
        if (peer == Side.CLIENT) {
            pushes();
            goAways();
        }
    }

    /** A case that expects a connection error. */
    private void addCase(String id, String title, String rule, String error, Action<Http3CaseStream> action) {
        Action<Http3CaseStream> all = stream -> {
            action.run(stream);
            stream.expectConnectionError(error);
        };
        chapter.add(id, title, rule, new Http3StreamActions("a connection error " + error, all), script());
    }

    /** RFC 9114 §4.4: behind a CONNECT, any frame of HTTP/3 but DATA is a connection error. */
    private void fields() {
        addCase(
                "5.1",
                "a second head",
                "RFC 9114 §4.4",
                UNEXPECTED,
                stream -> stream.open().ask(secondHead(stream), false));
        addCase(
                "5.2",
                "trailers",
                "RFC 9114 §4.4",
                UNEXPECTED,
                stream -> stream.open().ask(List.of(new Field("x-trailer", "a")), true));
    }

    private List<Field> secondHead(Http3CaseStream stream) {
        return peer == Side.SERVER ? stream.request() : List.of(new Field(":status", "200"));
    }

    private void forbiddenFrames() {
        forbidden("5.3", "CANCEL_PUSH", Http3Frame.CANCEL_PUSH, "RFC 9114 §7.2.3", 0);
        forbidden("5.4", "SETTINGS", Http3Frame.SETTINGS, "RFC 9114 §7.2.4");
        forbidden("5.5", "GOAWAY", Http3Frame.GOAWAY, "RFC 9114 §7.2.6", 0);
        forbidden("5.6", "MAX_PUSH_ID", Http3Frame.MAX_PUSH_ID, "RFC 9114 §7.2.7", 0);
        forbidden("5.7", "PING of HTTP/2", 6, "RFC 9114 §7.2.8", 0);
    }

    private void forbidden(String id, String name, int type, String rule, long... numbers) {
        addCase(
                id,
                name + " on a stream",
                rule,
                UNEXPECTED,
                stream -> stream.open().frame(type, Http3Frame.numbers(numbers)));
    }

    private void badHeads() {
        addCase(
                "5.8",
                "DATA before a head",
                "RFC 9114 §4.1",
                UNEXPECTED,
                stream -> stream.frame(Http3Frame.DATA, stream.encoded(HELLO)));
        addCase(
                "5.9",
                "a head that is not QPACK",
                "RFC 9204 §2.2",
                "QPACK_DECOMPRESSION_FAILED",
                stream -> stream.frame(Http3Frame.HEADERS, new byte[] {0, 0, (byte) 0xFF, (byte) 0xFF, 0x7F}));
        addCase(
                "5.10",
                "a head that refers to a table that the peer does not allow",
                "RFC 9204 §2.2.3",
                "QPACK_DECOMPRESSION_FAILED",
                stream -> stream.frame(Http3Frame.HEADERS, new byte[] {2, 0, (byte) 0x80}));
    }

    private void controlStream() {
        addCase(
                "6.1",
                "SETTINGS twice",
                "RFC 9114 §7.2.4",
                UNEXPECTED,
                stream -> stream.open().connection().sendControl(new Http3Frame(Http3Frame.SETTINGS, new byte[0])));
        addCase(
                "6.2",
                "DATA on the control stream",
                "RFC 9114 §7.2.1",
                UNEXPECTED,
                stream -> stream.open().connection().sendControl(new Http3Frame(Http3Frame.DATA, new byte[1])));
        addCase(
                "6.3",
                "the end of the control stream",
                "RFC 9114 §6.2.1",
                "H3_CLOSED_CRITICAL_STREAM",
                stream -> stream.open().connection().endControl());
    }

    private void otherStreams() {
        byte[] settings = new Http3Frame(Http3Frame.SETTINGS, new byte[0]).encode();
        addCase(
                "6.4",
                "a second control stream",
                "RFC 9114 §6.2.1",
                "H3_STREAM_CREATION_ERROR",
                stream -> stream.open().connection().sendUnidirectional(StreamType.CONTROL, settings));
        if (peer == Side.SERVER) {
            addCase(
                    "6.5",
                    "a push stream of a client",
                    "RFC 9114 §6.2.2",
                    "H3_STREAM_CREATION_ERROR",
                    stream -> stream.open().connection().sendUnidirectional(StreamType.PUSH, new byte[1]));
        }
    }

    /** The suite sends no MAX_PUSH_ID as a client, and the clients under test need none. */
    private void pushes() {
        addCase(
                "6.5",
                "a push stream, which the client has not allowed",
                "RFC 9114 §4.6",
                BAD_ID,
                stream -> stream.open().connection().sendUnidirectional(StreamType.PUSH, new byte[1]));
        addCase(
                "6.6",
                "MAX_PUSH_ID of a server",
                "RFC 9114 §7.2.7",
                UNEXPECTED,
                stream -> control(stream.open(), Http3Frame.MAX_PUSH_ID, 0));
        addCase(
                "6.7",
                "CANCEL_PUSH of a push that the client has not allowed",
                "RFC 9114 §7.2.3",
                BAD_ID,
                stream -> control(stream.open(), Http3Frame.CANCEL_PUSH, 0));
    }

    private void goAways() {
        addCase(
                "6.8",
                "GOAWAY with the id of a server's stream",
                "RFC 9114 §7.2.6",
                BAD_ID,
                stream -> control(stream.open(), Http3Frame.GOAWAY, 1));
        addCase("6.9", "GOAWAY with a greater id than before", "RFC 9114 §5.2", BAD_ID, stream -> {
            control(stream.open(), Http3Frame.GOAWAY, 8);
            control(stream, Http3Frame.GOAWAY, 12);
        });
    }

    private static void control(Http3CaseStream stream, long type, long number) throws IOException {
        stream.connection().sendControl(new Http3Frame(type, Http3Frame.numbers(number)));
    }
}
