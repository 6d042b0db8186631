package dev.tenon.ws.testkit;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.extension.ThreadResources;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.testkit.FrameRecorder.Recorded;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** One end of a connection with one extension. It records the frames that it sends and receives. */
final class ExtensionEnd {
    static final FirstByte PING = FirstByte.of(true, Opcode.PING);

    /** The pings between fragments, each with a unique payload. */
    final List<Recorded> pings = new ArrayList<>();

    final FrameRecorder wire = new FrameRecorder();
    final FrameRecorder received = new FrameRecorder();
    final Extension extension;
    private final FrameHandler inbound;
    private final OutboundHandler outbound;

    ExtensionEnd(NegotiatedExtension negotiated, ExtensionContext context) {
        extension = negotiated.open(context);
        outbound = extension.outbound(wire);
        inbound = extension.inbound(received);
    }

    private void pass(FirstByte firstByte, byte[] bytes, boolean endOfFrame, SendMode mode) {
        wire.expect(mode);
        pass((h, payload, end) -> outbound.onFrame(h, payload, end, mode), firstByte, bytes, endOfFrame);
    }

    /** Passes a piece to a stage in a new buffer, which is overwritten as soon as the stage returns. */
    private static void pass(FrameHandler stage, FirstByte firstByte, byte[] bytes, boolean endOfFrame) {
        ByteBuffer payload = ByteBuffer.allocate(bytes.length + 3).position(3);
        payload.put(bytes).position(3);
        stage.onFrame(firstByte, payload, endOfFrame);
        payload.clear();
        FrameRecorder.overwrite(payload);
    }

    /** The opcode for a message: text or binary, which extensions must treat alike. */
    static Opcode opcode(byte[] message) {
        return message.length % 2 == 0 ? Opcode.BINARY : Opcode.TEXT;
    }

    /**
     * Sends a message in random fragments, some of them in pieces, with a ping after some; some messages are sent
     * uncompressed.
     */
    void send(byte[] message, int rsv, Random cuts) {
        steps(message, rsv, cuts).forEach(Runnable::run);
    }

    /** The steps of {@link #send}, frame by frame, so that other connections can work in between. */
    Deque<Runnable> steps(byte[] message, int rsv, Random cuts) {
        Deque<Runnable> steps = new ArrayDeque<>();
        SendMode mode = cuts.nextInt(5) == 0 ? SendMode.UNCOMPRESSED : SendMode.DEFAULT;
        int from = 0;
        FirstByte first = FirstByte.of(false, opcode(message)).withRsv(rsv);
        while (cuts.nextInt(3) == 0) {
            int to = from + cuts.nextInt(message.length - from + 1);
            FirstByte firstByte = first;
            byte[] fragment = Arrays.copyOfRange(message, from, to);
            steps.add(() -> sendFrame(firstByte, fragment, mode, cuts));
            if (cuts.nextBoolean()) {
                steps.add(this::sendPing);
            }
            first = FirstByte.of(false, Opcode.CONTINUATION);
            from = to;
        }
        FirstByte last = first.withFin(true);
        byte[] rest = Arrays.copyOfRange(message, from, message.length);
        steps.add(() -> sendFrame(last, rest, mode, cuts));
        return steps;
    }

    private void sendPing() {
        byte[] ping = {1, 2, (byte) pings.size()};
        pings.add(new Recorded(PING, ByteBuffer.wrap(ping)));
        pass(PING, ping, true, SendMode.DEFAULT);
    }

    /** The frames of a message from a new extension that is used for this message only. */
    static List<Recorded> encodeSeparately(NegotiatedExtension negotiated, byte[] message, long budget) {
        FrameRecorder frames = new FrameRecorder();
        ThreadResources resources = new ThreadResources();
        Extension alone = negotiated.open(new ExtensionContext(Role.SERVER, budget, resources));
        OutboundHandler stage = alone.outbound(frames);
        pass(
                (firstByte, payload, end) -> stage.onFrame(firstByte, payload, end, SendMode.DEFAULT),
                FirstByte.of(true, opcode(message)),
                message,
                true);
        alone.close();
        resources.close();
        return frames.take();
    }

    void sendWhole(byte[] message) {
        pass(FirstByte.of(true, opcode(message)), message, true, SendMode.DEFAULT);
    }

    /** Receives frames from the wire, each in random pieces. */
    void receive(List<Recorded> frames, Random cuts) {
        for (Recorded frame : frames) {
            byte[] bytes = new byte[frame.length()];
            frame.payload().get(0, bytes);
            passInPieces(inbound, frame.firstByte(), bytes, cuts);
        }
    }

    /** The same, while the next handler is ready for a few pieces at a time; kept pieces are delivered at the end. */
    void receiveHaltingly(List<Recorded> frames, Random cuts) {
        for (Recorded frame : frames) {
            received.readyFor(cuts.nextInt(3));
            inbound.resume();
            receive(List.of(frame), cuts);
        }
        received.readyFor(Integer.MAX_VALUE);
        inbound.resume();
        FrameRecorder.check(inbound.isReady(), "not ready although the next handler is");
    }

    private static void passInPieces(FrameHandler stage, FirstByte firstByte, byte[] bytes, Random cuts) {
        int from = 0;
        while (cuts.nextInt(3) != 0) {
            int to = from + cuts.nextInt(bytes.length - from + 1);
            pass(stage, firstByte, Arrays.copyOfRange(bytes, from, to), false);
            from = to;
        }
        pass(stage, firstByte, Arrays.copyOfRange(bytes, from, bytes.length), true);
    }

    /** Passes a frame on, sometimes in pieces. */
    private void sendFrame(FirstByte firstByte, byte[] bytes, SendMode mode, Random cuts) {
        wire.expect(mode);
        FrameHandler stage = (h, payload, end) -> outbound.onFrame(h, payload, end, mode);
        if (cuts.nextInt(4) == 0) {
            passInPieces(stage, firstByte, bytes, cuts);
        } else {
            pass(stage, firstByte, bytes, true);
        }
    }

    /** Checks that exactly these messages have arrived. */
    void checkReceived(List<byte[]> sent) {
        List<Recorded> got = received.messages().stream()
                .filter(message -> !message.firstByte().opcode().isControl())
                .toList();
        FrameRecorder.check(
                got.size() == sent.size(), sent.size() + " messages were sent, and " + got.size() + " received");
        for (int i = 0; i < got.size(); i++) {
            FrameRecorder.check(
                    got.get(i).payload().equals(ByteBuffer.wrap(sent.get(i))), "message " + i + " arrived changed");
            Opcode opcode = got.get(i).firstByte().opcode();
            FrameRecorder.check(opcode == opcode(sent.get(i)), "message " + i + " arrived as " + opcode);
        }
    }
}
