package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import dev.tenon.ws.suite.StreamOpening.Action;
import dev.tenon.ws.suite.StreamOpening.StreamActions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Chapter 21: events on a stream of HTTP/2 that a connection of HTTP/1.1 does not have. */
final class StreamCases {
    static final WireFrame HELLO = WireFrame.text("Hello");

    private final Chapter chapter = new Chapter(21, "HTTP/2: streams");

    private final Side peer;
    private final String stillUsable;

    private StreamCases(Side peer) {
        this.peer = peer;
        stillUsable = peer == Side.SERVER ? "another WebSocket of the connection goes on" : "no connection error";
    }

    static Chapter chapter(Side peer) {
        StreamCases cases = new StreamCases(peer);
        cases.data();
        cases.ends();
        cases.resets();
        if (peer == Side.SERVER) {
            SharedStreamCases.addSiblings(cases::addCase, "RFC 8441 §5", "RFC 9113 §8.1", cases.stillUsable);
        }
        cases.forbiddenFrames();
        cases.ignoredFrames();
        new WindowCases(cases.chapter, peer).add();
        return cases.chapter;
    }

    private void addCase(
            String id, String title, String rule, String expectation, Action<? super Http2CaseStream> action) {
        chapter.add(id, title, rule, new StreamActions(expectation, action), script());
    }

    private void data() {
        addCase("1.1", "a message in a padded frame", "RFC 9113 §6.1", "the message back", stream -> {
            stream.open().padded(stream.encoded(HELLO), 7);
            stream.expectText("Hello");
        });
        addCase(
                "1.2",
                "a message among empty frames and frames of padding",
                "RFC 9113 §6.1",
                "the message back",
                stream -> {
                    byte[] bytes = stream.open().encoded(HELLO);
                    for (byte each : bytes) {
                        stream.frame(Http2Frame.DATA, 0, new byte[0]);
                        stream.padded(new byte[0], 3);
                        stream.frame(Http2Frame.DATA, 0, new byte[] {each});
                    }
                    stream.expectText("Hello");
                });
        addCase("1.3", "two messages in one frame", "RFC 8441 §5", "both messages back", stream -> {
            byte[] both = Octets.join(stream.open().encoded(HELLO), stream.encoded(WireFrame.text("again")));
            stream.frame(Http2Frame.DATA, 0, both);
            stream.expectText("Hello");
            stream.expectText("again");
        });
        if (peer == Side.SERVER) {
            SharedStreamCases.addEarlyMessage(this::addCase, "RFC 8441 §5");
        } else {
            addCase("1.4", "a message right behind the response", "RFC 8441 §5", "the message back", stream -> {
                byte[] head = Hpack.encode(List.of(new Field(":status", "200")));
                stream.connection()
                        .send(
                                new Http2Frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS, stream.stream().id, head),
                                new Http2Frame(Http2Frame.DATA, 0, stream.stream().id, stream.encoded(HELLO)));
                stream.expectText("Hello");
            });
        }
    }

    private void ends() {
        addCase(
                "2.1",
                "a Close frame, then END_STREAM",
                "RFC 8441 §5",
                "a Close frame, then END_STREAM; " + stillUsable,
                stream -> {
                    stream.open().send(WireFrame.close(1000, ""));
                    stream.expect(WireFrame.close(1000, ""), "a Close frame with 1000");
                    if (peer == Side.SERVER) { // which ends the connection first (RFC 6455 §7.1.1)
                        stream.expectEndOfStream();
                    }
                    stream.frame(Http2Frame.DATA, Http2Frame.END_STREAM, new byte[0]);
                    stream.expectEndOfStream();
                    stream.expectLife();
                });
        addCase(
                "2.2",
                "a Close frame and END_STREAM in one frame",
                "RFC 8441 §5",
                "a Close frame, then END_STREAM",
                stream -> {
                    byte[] close = stream.open().encoded(WireFrame.close(1000, ""));
                    stream.frame(Http2Frame.DATA, Http2Frame.END_STREAM, close);
                    stream.expect(WireFrame.close(1000, ""), "a Close frame with 1000");
                    stream.expectEndOfStream();
                    stream.expectLife();
                });
        addCase("2.3", "END_STREAM without a Close frame", "RFC 8441 §5", "END_STREAM; " + stillUsable, stream -> {
            stream.open().frame(Http2Frame.DATA, Http2Frame.END_STREAM, new byte[0]);
            stream.expectEndOfStream();
            stream.expectLife();
        });
        addCase("2.4", "END_STREAM within a frame", "RFC 8441 §5", "the end of the stream; " + stillUsable, stream -> {
            byte[] bytes = stream.open().encoded(HELLO);
            stream.frame(Http2Frame.DATA, Http2Frame.END_STREAM, Arrays.copyOf(bytes, bytes.length - 1));
            stream.expectEnd();
            stream.expectLife();
        });
        addCase("2.5", "DATA behind END_STREAM", "RFC 9113 §5.1", "an error STREAM_CLOSED, or the end", stream -> {
            byte[] hello = stream.open().encoded(HELLO);
            stream.connection()
                    .send(
                            new Http2Frame(Http2Frame.DATA, Http2Frame.END_STREAM, stream.stream().id, hello),
                            new Http2Frame(
                                    Http2Frame.DATA, 0, stream.stream().id, stream.encoded(WireFrame.text("late"))));
            Handshake.rule(!stream.allText().contains("late"), "the server echoes a message after END_STREAM");
        });
    }

    private void resets() {
        int number = 1;
        byte[] bytes = HELLO.encode(!peer.masks(), 0x01020304);
        for (int length : new int[] {0, 1, 5, bytes.length - 1, bytes.length}) {
            String title = "RST_STREAM behind " + length + " bytes of a frame";
            addCase("3." + number++, title, "RFC 8441 §5", stillUsable, stream -> {
                stream.open().frame(Http2Frame.DATA, 0, Arrays.copyOf(bytes, length));
                reset(stream, 8);
                stream.expectLife();
            });
        }
        addCase("3.6", "RST_STREAM within a fragmented message", "RFC 8441 §5", stillUsable, stream -> {
            stream.open().send(HELLO.notFinal());
            reset(stream, 8);
            stream.expectLife();
        });
        if (peer == Side.SERVER) {
            addCase("3.7", "RST_STREAM before the response", "RFC 9113 §5.4.2", stillUsable, stream -> {
                stream.ask(stream.request(), false);
                reset(stream, 8);
                stream.expectLife();
            });
        }
        addCase("3.8", "RST_STREAM twice", "RFC 9113 §5.4.2", stillUsable, stream -> {
            stream.open();
            reset(stream, 8);
            reset(stream, 8);
            stream.expectLife();
        });
    }

    private static void reset(Http2CaseStream stream, int error) throws IOException {
        byte[] code = ByteBuffer.allocate(4).putInt(error).array();
        stream.frame(Http2Frame.RST_STREAM, 0, code);
    }

    /** RFC 9113 §8.5: on a connected stream only DATA, RST_STREAM, WINDOW_UPDATE and PRIORITY are allowed. */
    private void forbiddenFrames() {
        String[] errors = {"PROTOCOL_ERROR", "STREAM_CLOSED", "CANCEL", "INTERNAL_ERROR"};
        addCase("5.1", "a second head", "RFC 9113 §8.5", "a stream error", stream -> {
            stream.open().ask(secondHead(stream), false);
            stream.expectError(errors);
        });
        addCase("5.2", "trailers", "RFC 9113 §8.5", "a stream error", stream -> {
            stream.open().ask(List.of(new Field("x-trailer", "a")), true);
            stream.expectError(errors);
        });
        addCase("5.3", "SETTINGS on a stream", "RFC 9113 §6.5", "an error PROTOCOL_ERROR", stream -> {
            stream.open().frame(Http2Frame.SETTINGS, 0, new byte[0]);
            stream.expectError("PROTOCOL_ERROR");
        });
        addCase("5.4", "PING on a stream", "RFC 9113 §6.7", "an error PROTOCOL_ERROR", stream -> {
            stream.open().frame(Http2Frame.PING, 0, new byte[8]);
            stream.expectError("PROTOCOL_ERROR");
        });
        addCase("5.5", "CONTINUATION without HEADERS", "RFC 9113 §6.10", "an error PROTOCOL_ERROR", stream -> {
            stream.open().frame(Http2Frame.CONTINUATION, Http2Frame.END_HEADERS, new byte[0]);
            stream.expectError("PROTOCOL_ERROR");
        });
        addCase("5.6", "padding that is longer than its frame", "RFC 9113 §6.1", "an error PROTOCOL_ERROR", stream -> {
            stream.open().frame(Http2Frame.DATA, Http2Frame.PADDED, new byte[] {5, 1});
            stream.expectError("PROTOCOL_ERROR");
        });
        addCase("5.7", "a head that is not HPACK", "RFC 9113 §4.3", "an error COMPRESSION_ERROR", stream -> {
            stream.frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS, new byte[] {(byte) 0xFF, (byte) 0xFF, 0x7F});
            stream.expectError("COMPRESSION_ERROR");
        });
        if (peer == Side.SERVER) {
            addCase("5.8", "DATA on an idle stream", "RFC 9113 §5.1", "an error", stream -> {
                stream.frame(Http2Frame.DATA, 0, stream.encoded(HELLO));
                stream.expectError("PROTOCOL_ERROR", "STREAM_CLOSED");
            });
        }
    }

    private List<Field> secondHead(Http2CaseStream stream) {
        return peer == Side.SERVER ? stream.request() : List.of(new Field(":status", "200"));
    }

    private void ignoredFrames() {
        addCase("6.1", "PRIORITY", "RFC 9113 §6.3", "the message back", stream -> {
            stream.open().frame(Http2Frame.PRIORITY, 0, new byte[] {0, 0, 0, 0, 16});
            stream.send(HELLO);
            stream.expectText("Hello");
        });
        addCase("6.2", "a frame of an unknown type", "RFC 9113 §4.1", "the message back", stream -> {
            stream.open().frame(0xBE, 0xFF, new byte[] {1, 2, 3});
            stream.send(HELLO);
            stream.expectText("Hello");
        });
        addCase(
                "6.3",
                "PING of the connection",
                "RFC 9113 §6.7",
                "its acknowledgement, and the message back",
                stream -> {
                    stream.open().send(HELLO);
                    stream.connection().send(new Http2Frame(Http2Frame.PING, 0, 0, new byte[8]));
                    stream.connection().awaitControl("PING");
                    stream.expectText("Hello");
                });
        addCase("6.4", "an unknown setting", "RFC 9113 §6.5.2", "the message back", stream -> {
            stream.open().connection().send(Http2Frame.setting(0xBABE, 1));
            stream.send(HELLO);
            stream.expectText("Hello");
        });
    }
}
