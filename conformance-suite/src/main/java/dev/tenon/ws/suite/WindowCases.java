package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;

import dev.tenon.ws.suite.StreamOpening.Action;
import dev.tenon.ws.suite.StreamOpening.StreamActions;
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

    private void addCase(String id, String title, String rule, String expectation, Action<Http2CaseStream> action) {
        chapter.add(id, title, rule, new StreamActions(expectation, action), script());
    }

    private void windows() {
        addCase("7.1", "no window: nothing comes until there is one", FLOW, "nothing, then the message", stream -> {
            stream.open().closeWindow();
            stream.send(HELLO);
            stream.expectSilence(Duration.ofMillis(100));
            stream.stream().giveWindow(100);
            stream.expectText("Hello");
        });
        addCase("7.2", "a window of one byte after the other", FLOW, "the message, byte by byte", stream -> {
            stream.open().closeWindow();
            stream.send(HELLO);
            for (int i = 0; i < HELLO.encode(peer.masks(), 0).length; i++) {
                stream.stream().giveWindow(1);
                stream.expectBytes(1);
            }
            stream.expectText("Hello");
        });
        if (peer == Side.SERVER) {
            addCase(
                    "7.3",
                    "a stream without a window does not stop another",
                    FLOW,
                    "the message of the other",
                    stream -> {
                        stream.open().closeWindow();
                        stream.send(WireFrame.binary(new byte[20_000]));
                        Http2CaseStream other = stream.another().open();
                        other.stream().giveWindow(100);
                        other.send(HELLO);
                        other.expectText("Hello");
                    });
        }
        addCase("7.4", "several windows full of messages", FLOW, "all messages back", stream -> {
            stream.open();
            byte[] data = FramingCases.payload(false, 10_000);
            for (int i = 0; i < 30; i++) {
                stream.send(WireFrame.binary(data));
                stream.expect(WireFrame.binary(data), "message " + (i + 1) + " of 30");
            }
        });
    }

    private void brokenWindows() {
        addCase("8.1", "WINDOW_UPDATE of nothing", "RFC 9113 §6.9", "an error PROTOCOL_ERROR", stream -> {
            stream.open().stream().giveWindow(0);
            stream.expectError("PROTOCOL_ERROR");
        });
        addCase("8.2", "WINDOW_UPDATE beyond 2^31 - 1", "RFC 9113 §6.9.1", "an error FLOW_CONTROL_ERROR", stream -> {
            stream.open().stream().giveWindow(Integer.MAX_VALUE);
            stream.expectError("FLOW_CONTROL_ERROR");
        });
        addCase(
                "8.3",
                "an initial window beyond 2^31 - 1",
                "RFC 9113 §6.5.2",
                "an error FLOW_CONTROL_ERROR",
                stream -> {
                    stream.open().connection().send(Http2Frame.setting(Http2Connection.INITIAL_WINDOW_SIZE, -1));
                    stream.expectError("FLOW_CONTROL_ERROR", "PROTOCOL_ERROR");
                });
    }
}
