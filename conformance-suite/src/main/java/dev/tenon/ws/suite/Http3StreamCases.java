package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import dev.tenon.ws.suite.Http3Connection.StreamType;
import dev.tenon.ws.suite.StreamOpening.Action;
import dev.tenon.ws.suite.StreamOpening.Http3StreamActions;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Chapter 24: events on a stream or a connection of HTTP/3. */
final class Http3StreamCases {
    static final WireFrame HELLO = WireFrame.text("Hello");
    private static final String ECHO = "the message back";

    /** The greatest id of a client's stream (RFC 9114 §5.2). */
    private static final long LAST_STREAM = (1L << 62) - 4;

    private final Chapter chapter = new Chapter(24, "HTTP/3: streams");
    private final Side peer;
    private final String stillUsable;

    private Http3StreamCases(Side peer) {
        this.peer = peer;
        stillUsable = peer == Side.SERVER ? "another WebSocket of the connection goes on" : "no connection error";
    }

    static Chapter chapter(Side peer) {
        Http3StreamCases cases = new Http3StreamCases(peer);
        cases.data();
        cases.ends();
        cases.resets();
        if (peer == Side.SERVER) {
            cases.siblings();
        }
        new Http3ErrorCases(cases.chapter, peer).add();
        cases.ignored();
        return cases.chapter;
    }

    private void addCase(
            String id, String title, String rule, String expectation, Action<? super Http3CaseStream> action) {
        chapter.add(id, title, rule, new Http3StreamActions(expectation, action), script());
    }

    private void data() {
        addCase("1.1", "a message in a frame of DATA for each byte", "RFC 9220 §3", ECHO, stream -> {
            for (byte each : stream.open().encoded(HELLO)) {
                stream.frame(Http3Frame.DATA, new byte[] {each});
            }
            stream.expectText("Hello");
        });
        addCase("1.2", "a message among empty frames and unknown ones", "RFC 9114 §9", ECHO, stream -> {
            for (byte each : stream.open().encoded(HELLO)) {
                stream.frame(Http3Frame.DATA, new byte[0]);
                stream.frame(Http3Frame.UNKNOWN, new byte[] {1, 2, 3});
                stream.frame(Http3Frame.DATA, new byte[] {each});
            }
            stream.expectText("Hello");
        });
        addCase("1.3", "two messages in one frame", "RFC 9220 §3", "both messages back", stream -> {
            byte[] both = Octets.join(stream.open().encoded(HELLO), stream.encoded(WireFrame.text("again")));
            stream.frame(Http3Frame.DATA, both);
            stream.expectText("Hello");
            stream.expectText("again");
        });
        if (peer == Side.SERVER) {
            SharedStreamCases.addEarlyMessage(this::addCase, "RFC 9220 §3");
        } else {
            addCase("1.4", "a message right behind the response", "RFC 9220 §3", ECHO, stream -> {
                byte[] head = Qpack.encode(List.of(new Field(":status", "200")));
                byte[] both = Octets.join(
                        new Http3Frame(Http3Frame.HEADERS, head).encode(),
                        new Http3Frame(Http3Frame.DATA, stream.encoded(HELLO)).encode());
                stream.raw("the response and a message", both);
                stream.expectText("Hello");
            });
        }
        addCase("1.5", "type and length of DATA in 8 bytes each", "RFC 9000 §16", ECHO, stream -> {
            byte[] bytes = stream.open().encoded(HELLO);
            stream.raw("DATA with long integers", new Http3Frame(Http3Frame.DATA, bytes).encodeLong());
            stream.expectText("Hello");
        });
        addCase("1.6", "DATA in writes of one byte", "RFC 9114 §7.1", ECHO, stream -> {
            byte[] bytes = stream.open().encoded(HELLO);
            for (byte each : new Http3Frame(Http3Frame.DATA, bytes).encodeLong()) {
                stream.raw("a byte of DATA", new byte[] {each});
            }
            stream.expectText("Hello");
        });
    }

    private void ends() {
        addCase(
                "2.1",
                "a Close frame, then the end of the stream",
                "RFC 9220 §3",
                "a Close frame, then the end of the stream; " + stillUsable,
                stream -> {
                    stream.open().send(WireFrame.close(1000, ""));
                    stream.expect(WireFrame.close(1000, ""), "a Close frame with 1000");
                    if (peer == Side.SERVER) { // which ends the connection first (RFC 6455 §7.1.1)
                        stream.expectEndOfStream();
                    }
                    stream.end();
                    stream.expectEndOfStream();
                    stream.expectLife();
                });
        addCase(
                "2.2",
                "a Close frame and the end of the stream at once",
                "RFC 9220 §3",
                "a Close frame, then the end of the stream; " + stillUsable,
                stream -> {
                    stream.open().send(WireFrame.close(1000, ""));
                    stream.end();
                    stream.expect(WireFrame.close(1000, ""), "a Close frame with 1000");
                    stream.expectEndOfStream();
                    stream.expectLife();
                });
        addCase(
                "2.3",
                "the end of the stream without a Close frame",
                "RFC 9220 §3",
                "the end of the stream; " + stillUsable,
                stream -> {
                    stream.open().end();
                    stream.expectEndOfStream();
                    stream.expectLife();
                });
        addCase(
                "2.4",
                "the end of the stream within a frame",
                "RFC 9220 §3",
                "the end of the stream; " + stillUsable,
                stream -> {
                    byte[] bytes = stream.open().encoded(HELLO);
                    stream.frame(Http3Frame.DATA, Arrays.copyOf(bytes, bytes.length - 1));
                    stream.end();
                    stream.expectEnd();
                    stream.expectLife();
                });
        addCase(
                "2.5",
                "the end of the stream within DATA",
                "RFC 9114 §7.1",
                "a connection error H3_FRAME_ERROR",
                stream -> {
                    byte[] data = new Http3Frame(Http3Frame.DATA, stream.open().encoded(HELLO)).encode();
                    stream.raw("DATA without its last byte", Arrays.copyOf(data, data.length - 1));
                    stream.end();
                    stream.expectConnectionError("H3_FRAME_ERROR");
                });
        if (peer == Side.SERVER) {
            endBehindTheRequest();
        }
    }

    private void endBehindTheRequest() {
        addCase(
                "2.6",
                "the end of the stream behind the request",
                "RFC 9220 §3",
                "a refusal or the end of the stream, without waiting for more",
                stream -> {
                    stream.ask(stream.request(), true);
                    stream.expectEnd();
                    stream.expectLife();
                });
    }

    private void resets() {
        int number = 1;
        byte[] bytes = HELLO.encode(!peer.masks(), 0x01020304);
        for (int length : new int[] {0, 1, 5, bytes.length - 1, bytes.length}) {
            String title = "a reset behind " + length + " bytes of a frame";
            addCase("3." + number++, title, "RFC 9220 §3", stillUsable, stream -> {
                stream.open().frame(Http3Frame.DATA, Arrays.copyOf(bytes, length));
                stream.cancel();
                stream.expectLife();
            });
        }
        addCase("3.6", "a reset within a fragmented message", "RFC 9220 §3", stillUsable, stream -> {
            stream.open().send(HELLO.notFinal());
            stream.cancel();
            stream.expectLife();
        });
        if (peer == Side.SERVER) {
            addCase("3.7", "a reset before the response", "RFC 9114 §4.1.1", stillUsable, stream -> {
                stream.ask(stream.request(), false);
                stream.cancel();
                stream.expectLife();
            });
        }
        addCase("3.8", "a reset within DATA", "RFC 9220 §3", stillUsable, stream -> {
            byte[] data = new Http3Frame(Http3Frame.DATA, stream.open().encoded(HELLO)).encode();
            stream.raw("DATA without its last byte", Arrays.copyOf(data, data.length - 1));
            stream.cancel();
            stream.expectLife();
        });
        addCase("3.9", "only STOP_SENDING, then a message", "RFC 9000 §3.5", stillUsable, stream -> {
            stream.open().stopSending();
            stream.send(HELLO);
            stream.expectLife();
        });
    }

    private void siblings() {
        SharedStreamCases.addSiblings(this::addCase, "RFC 9220 §3", "RFC 9220 §3", stillUsable);
        addCase("4.4", "20 WebSockets, each with a message at once", "RFC 9220 §3", "all messages back", stream -> {
            CaseStream[] others = new CaseStream[20];
            for (int i = 0; i < others.length; i++) {
                others[i] = stream.another().open();
            }
            for (int i = 0; i < others.length; i++) {
                others[i].send(WireFrame.text("message " + i));
            }
            for (int i = 0; i < others.length; i++) {
                others[i].expectText("message " + i);
            }
        });
    }

    private void ignored() {
        addCase("7.1", "a frame of an unknown type", "RFC 9114 §9", ECHO, stream -> {
            stream.open().frame(Http3Frame.UNKNOWN, new byte[1000]);
            echo(stream);
        });
        addCase("7.2", "a frame of an unknown type before the head", "RFC 9114 §9", ECHO, stream -> {
            stream.frame(Http3Frame.UNKNOWN, new byte[] {1, 2, 3});
            echo(stream.open());
        });
        addCase("7.3", "a frame of an unknown type on the control stream", "RFC 9114 §9", ECHO, stream -> {
            stream.open().connection().sendControl(new Http3Frame(Http3Frame.UNKNOWN, new byte[] {1}));
            echo(stream);
        });
        addCase("7.4", "a stream of an unknown type", "RFC 9114 §6.2.3", ECHO, stream -> {
            stream.open().connection().sendUnidirectional(StreamType.UNKNOWN, new byte[] {1, 2, 3});
            echo(stream);
        });
        addCase("7.5", "several windows full of messages", "RFC 9000 §4.1", "all messages back", stream -> {
            stream.open();
            byte[] data = FramingCases.payload(false, 30_000);
            for (int i = 0; i < 30; i++) {
                stream.send(WireFrame.binary(data));
                stream.expect(WireFrame.binary(data), "message " + (i + 1) + " of 30");
            }
        });
        goAway();
    }

    /** A server names the first stream that it does not serve, a client the first push that it does not take. */
    private void goAway() {
        addCase("7.6", "GOAWAY that spares this stream", "RFC 9114 §5.2", ECHO, stream -> {
            long first = peer == Side.CLIENT ? LAST_STREAM : 0;
            stream.open().connection().sendControl(new Http3Frame(Http3Frame.GOAWAY, Http3Frame.numbers(first)));
            echo(stream);
        });
    }

    private static void echo(Http3CaseStream stream) throws CaseFailure, IOException {
        stream.send(HELLO);
        stream.expectText("Hello");
    }
}
