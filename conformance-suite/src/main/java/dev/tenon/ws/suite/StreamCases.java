package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import dev.tenon.ws.suite.StreamOpening.Action;
import dev.tenon.ws.suite.StreamOpening.Scene;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Chapter 21: events on a stream of HTTP/2 that a connection of HTTP/1.1 does not have. */
final class StreamCases {
    static final WireFrame HELLO = WireFrame.text("Hello");

    private final Chapter chapter = new Chapter(21, "HTTP/2: streams");

    private final Side peer;
    private final String life;

    private StreamCases(Side peer) {
        this.peer = peer;
        life = peer == Side.SERVER ? "another WebSocket of the connection goes on" : "no connection error";
    }

    static Chapter chapter(Side peer) {
        StreamCases cases = new StreamCases(peer);
        cases.data();
        cases.ends();
        cases.resets();
        if (peer == Side.SERVER) {
            cases.siblings();
        }
        cases.forbiddenFrames();
        cases.ignoredFrames();
        new WindowCases(cases.chapter, peer).add();
        return cases.chapter;
    }

    private void scene(String id, String title, String rule, String expectation, Action action) {
        chapter.add(id, title, rule, new Scene(expectation, action), script());
    }

    private void data() {
        scene("1.1", "a message in a padded frame", "RFC 9113 §6.1", "the message back", scene -> {
            scene.open().padded(scene.encoded(HELLO), 7);
            scene.expectText("Hello");
        });
        scene(
                "1.2",
                "a message among empty frames and frames of padding",
                "RFC 9113 §6.1",
                "the message back",
                scene -> {
                    byte[] bytes = scene.open().encoded(HELLO);
                    for (byte each : bytes) {
                        scene.frame(Http2Frame.DATA, 0, new byte[0]);
                        scene.padded(new byte[0], 3);
                        scene.frame(Http2Frame.DATA, 0, new byte[] {each});
                    }
                    scene.expectText("Hello");
                });
        scene("1.3", "two messages in one frame", "RFC 8441 §5", "both messages back", scene -> {
            byte[] both = Octets.join(scene.open().encoded(HELLO), scene.encoded(WireFrame.text("again")));
            scene.frame(Http2Frame.DATA, 0, both);
            scene.expectText("Hello");
            scene.expectText("again");
        });
        if (peer == Side.SERVER) {
            scene(
                    "1.4",
                    "a message behind the request, before the response",
                    "RFC 8441 §5",
                    "the message back",
                    scene -> {
                        scene.ask(scene.request(), false);
                        scene.send(HELLO);
                        Handshake.rule(scene.status() / 100 == 2, "the request is refused");
                        scene.expectText("Hello");
                    });
        } else {
            scene("1.4", "a message right behind the response", "RFC 8441 §5", "the message back", scene -> {
                byte[] head = Hpack.encode(List.of(new Field(":status", "200")));
                scene.connection()
                        .send(
                                new Http2Frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS, scene.stream().id, head),
                                new Http2Frame(Http2Frame.DATA, 0, scene.stream().id, scene.encoded(HELLO)));
                scene.expectText("Hello");
            });
        }
    }

    private void ends() {
        scene(
                "2.1",
                "a Close frame, then END_STREAM",
                "RFC 8441 §5",
                "a Close frame, then END_STREAM; " + life,
                scene -> {
                    scene.open().send(WireFrame.close(1000, ""));
                    scene.expect(WireFrame.close(1000, ""), "a Close frame with 1000");
                    if (peer == Side.SERVER) { // which ends the connection first (RFC 6455 §7.1.1)
                        scene.expectEndOfStream();
                    }
                    scene.frame(Http2Frame.DATA, Http2Frame.END_STREAM, new byte[0]);
                    scene.expectEndOfStream();
                    scene.expectLife();
                });
        scene(
                "2.2",
                "a Close frame and END_STREAM in one frame",
                "RFC 8441 §5",
                "a Close frame, then END_STREAM",
                scene -> {
                    byte[] close = scene.open().encoded(WireFrame.close(1000, ""));
                    scene.frame(Http2Frame.DATA, Http2Frame.END_STREAM, close);
                    scene.expect(WireFrame.close(1000, ""), "a Close frame with 1000");
                    scene.expectEndOfStream();
                    scene.expectLife();
                });
        scene("2.3", "END_STREAM without a Close frame", "RFC 8441 §5", "END_STREAM; " + life, scene -> {
            scene.open().frame(Http2Frame.DATA, Http2Frame.END_STREAM, new byte[0]);
            scene.expectEndOfStream();
            scene.expectLife();
        });
        scene("2.4", "END_STREAM within a frame", "RFC 8441 §5", "the end of the stream; " + life, scene -> {
            byte[] bytes = scene.open().encoded(HELLO);
            scene.frame(Http2Frame.DATA, Http2Frame.END_STREAM, Arrays.copyOf(bytes, bytes.length - 1));
            scene.expectEnd();
            scene.expectLife();
        });
        scene("2.5", "DATA behind END_STREAM", "RFC 9113 §5.1", "an error STREAM_CLOSED, or the end", scene -> {
            byte[] hello = scene.open().encoded(HELLO);
            scene.connection()
                    .send(
                            new Http2Frame(Http2Frame.DATA, Http2Frame.END_STREAM, scene.stream().id, hello),
                            new Http2Frame(
                                    Http2Frame.DATA, 0, scene.stream().id, scene.encoded(WireFrame.text("late"))));
            Handshake.rule(!scene.allText().contains("late"), "the server echoes a message after END_STREAM");
        });
    }

    private void resets() {
        int number = 1;
        byte[] bytes = HELLO.encode(!peer.masks(), 0x01020304);
        for (int length : new int[] {0, 1, 5, bytes.length - 1, bytes.length}) {
            String title = "RST_STREAM behind " + length + " bytes of a frame";
            scene("3." + number++, title, "RFC 8441 §5", life, scene -> {
                scene.open().frame(Http2Frame.DATA, 0, Arrays.copyOf(bytes, length));
                reset(scene, 8);
                scene.expectLife();
            });
        }
        scene("3.6", "RST_STREAM within a fragmented message", "RFC 8441 §5", life, scene -> {
            scene.open().send(HELLO.notFinal());
            reset(scene, 8);
            scene.expectLife();
        });
        if (peer == Side.SERVER) {
            scene("3.7", "RST_STREAM before the response", "RFC 9113 §5.4.2", life, scene -> {
                scene.ask(scene.request(), false);
                reset(scene, 8);
                scene.expectLife();
            });
        }
        scene("3.8", "RST_STREAM twice", "RFC 9113 §5.4.2", life, scene -> {
            scene.open();
            reset(scene, 8);
            reset(scene, 8);
            scene.expectLife();
        });
    }

    private static void reset(StreamScene scene, int error) throws IOException {
        byte[] code = ByteBuffer.allocate(4).putInt(error).array();
        scene.frame(Http2Frame.RST_STREAM, 0, code);
    }

    private void siblings() {
        scene("4.1", "two WebSockets of one connection", "RFC 8441 §5", "the messages of each", scene -> {
            scene.open();
            StreamScene other = scene.another().open();
            other.send(WireFrame.text("other"));
            scene.send(HELLO);
            scene.expectText("Hello");
            other.expectText("other");
        });
        scene("4.2", "one breaks the rules, the other does not", "RFC 6455 §7.1.7", "1002; " + life, scene -> {
            scene.open();
            StreamScene other = scene.another().open();
            scene.send(HELLO.rsv(1));
            scene.expectClose(1002);
            other.send(HELLO);
            other.expectText("Hello");
        });
        scene("4.3", "a request that is refused leaves the connection", "RFC 9113 §8.1", life, scene -> {
            scene.ask(StreamRequestCases.set(scene.request(), ":protocol", "connect-nothing"), false);
            Handshake.rule(scene.status() / 100 != 2, "the server accepts it");
            scene.expectLife();
        });
    }

    /** RFC 9113 §8.5: on a connected stream only DATA, RST_STREAM, WINDOW_UPDATE and PRIORITY are allowed. */
    private void forbiddenFrames() {
        String[] errors = {"PROTOCOL_ERROR", "STREAM_CLOSED", "CANCEL", "INTERNAL_ERROR"};
        scene("5.1", "a second head", "RFC 9113 §8.5", "a stream error", scene -> {
            scene.open().ask(secondHead(scene), false);
            scene.expectError(errors);
        });
        scene("5.2", "trailers", "RFC 9113 §8.5", "a stream error", scene -> {
            scene.open().ask(List.of(new Field("x-trailer", "a")), true);
            scene.expectError(errors);
        });
        scene("5.3", "SETTINGS on a stream", "RFC 9113 §6.5", "an error PROTOCOL_ERROR", scene -> {
            scene.open().frame(Http2Frame.SETTINGS, 0, new byte[0]);
            scene.expectError("PROTOCOL_ERROR");
        });
        scene("5.4", "PING on a stream", "RFC 9113 §6.7", "an error PROTOCOL_ERROR", scene -> {
            scene.open().frame(Http2Frame.PING, 0, new byte[8]);
            scene.expectError("PROTOCOL_ERROR");
        });
        scene("5.5", "CONTINUATION without HEADERS", "RFC 9113 §6.10", "an error PROTOCOL_ERROR", scene -> {
            scene.open().frame(Http2Frame.CONTINUATION, Http2Frame.END_HEADERS, new byte[0]);
            scene.expectError("PROTOCOL_ERROR");
        });
        scene("5.6", "padding that is longer than its frame", "RFC 9113 §6.1", "an error PROTOCOL_ERROR", scene -> {
            scene.open().frame(Http2Frame.DATA, Http2Frame.PADDED, new byte[] {5, 1});
            scene.expectError("PROTOCOL_ERROR");
        });
        scene("5.7", "a head that is not HPACK", "RFC 9113 §4.3", "an error COMPRESSION_ERROR", scene -> {
            scene.frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS, new byte[] {(byte) 0xFF, (byte) 0xFF, 0x7F});
            scene.expectError("COMPRESSION_ERROR");
        });
        if (peer == Side.SERVER) {
            scene("5.8", "DATA on an idle stream", "RFC 9113 §5.1", "an error", scene -> {
                scene.frame(Http2Frame.DATA, 0, scene.encoded(HELLO));
                scene.expectError("PROTOCOL_ERROR", "STREAM_CLOSED");
            });
        }
    }

    private List<Field> secondHead(StreamScene scene) {
        return peer == Side.SERVER ? scene.request() : List.of(new Field(":status", "200"));
    }

    private void ignoredFrames() {
        scene("6.1", "PRIORITY", "RFC 9113 §6.3", "the message back", scene -> {
            scene.open().frame(Http2Frame.PRIORITY, 0, new byte[] {0, 0, 0, 0, 16});
            scene.send(HELLO);
            scene.expectText("Hello");
        });
        scene("6.2", "a frame of an unknown type", "RFC 9113 §4.1", "the message back", scene -> {
            scene.open().frame(0xBE, 0xFF, new byte[] {1, 2, 3});
            scene.send(HELLO);
            scene.expectText("Hello");
        });
        scene("6.3", "PING of the connection", "RFC 9113 §6.7", "its acknowledgement, and the message back", scene -> {
            scene.open().send(HELLO);
            scene.connection().send(new Http2Frame(Http2Frame.PING, 0, 0, new byte[8]));
            scene.connection().awaitControl("PING");
            scene.expectText("Hello");
        });
        scene("6.4", "an unknown setting", "RFC 9113 §6.5.2", "the message back", scene -> {
            scene.open().connection().send(Http2Frame.setting(0xBABE, 1));
            scene.send(HELLO);
            scene.expectText("Hello");
        });
    }
}
