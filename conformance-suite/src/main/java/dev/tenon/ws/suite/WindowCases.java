package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import dev.tenon.ws.suite.StreamOpening.Action;
import dev.tenon.ws.suite.StreamOpening.Scene;
import java.time.Duration;

/** Groups 7 and 8 of chapter 21: the window of a stream of HTTP/2. */
final class WindowCases {
    private static final WireFrame HELLO = StreamCases.HELLO;
    private static final String FLOW = "RFC 9113 §5.2";

    private final Chapter chapter;
    private final Side peer;

    WindowCases(Chapter chapter, Side peer) {
        this.chapter = chapter;
        this.peer = peer;
    }

    void add() {
        windows();
        brokenWindows();
    }

    private void scene(String id, String title, String rule, String expectation, Action action) {
        chapter.add(id, title, rule, new Scene(expectation, action), script());
    }

    private void windows() {
        scene("7.1", "no window: nothing comes until there is one", FLOW, "nothing, then the message", scene -> {
            scene.open().closeWindow();
            scene.send(HELLO);
            scene.expectSilence(Duration.ofMillis(100));
            scene.stream().giveWindow(100);
            scene.expectText("Hello");
        });
        scene("7.2", "a window of one byte after the other", FLOW, "the message, byte by byte", scene -> {
            scene.open().closeWindow();
            scene.send(HELLO);
            for (int i = 0; i < HELLO.encode(peer.masks(), 0).length; i++) {
                scene.stream().giveWindow(1);
                scene.expectBytes(1);
            }
            scene.expectText("Hello");
        });
        if (peer == Side.SERVER) {
            scene("7.3", "a stream without a window does not stop another", FLOW, "the message of the other", scene -> {
                scene.open().closeWindow();
                scene.send(WireFrame.binary(new byte[20_000]));
                StreamScene other = scene.another().open();
                other.stream().giveWindow(100);
                other.send(HELLO);
                other.expectText("Hello");
            });
        }
        scene("7.4", "several windows full of messages", FLOW, "all messages back", scene -> {
            scene.open();
            byte[] data = FramingCases.payload(false, 10_000);
            for (int i = 0; i < 30; i++) {
                scene.send(WireFrame.binary(data));
                scene.expect(WireFrame.binary(data), "message " + (i + 1) + " of 30");
            }
        });
    }

    private void brokenWindows() {
        scene("8.1", "WINDOW_UPDATE of nothing", "RFC 9113 §6.9", "an error PROTOCOL_ERROR", scene -> {
            scene.open().stream().giveWindow(0);
            scene.expectError("PROTOCOL_ERROR");
        });
        scene("8.2", "WINDOW_UPDATE beyond 2^31 - 1", "RFC 9113 §6.9.1", "an error FLOW_CONTROL_ERROR", scene -> {
            scene.open().stream().giveWindow(Integer.MAX_VALUE);
            scene.expectError("FLOW_CONTROL_ERROR");
        });
        scene("8.3", "an initial window beyond 2^31 - 1", "RFC 9113 §6.5.2", "an error FLOW_CONTROL_ERROR", scene -> {
            scene.open().connection().send(Http2Frame.setting(Http2Connection.INITIAL_WINDOW_SIZE, -1));
            scene.expectError("FLOW_CONTROL_ERROR", "PROTOCOL_ERROR");
        });
    }
}
