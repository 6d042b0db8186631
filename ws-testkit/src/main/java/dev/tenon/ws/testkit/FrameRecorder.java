package dev.tenon.ws.testkit;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last handler of a stream under test. It copies the frames, fails if the call grammar of {@link FrameHandler} is
 * broken, and overwrites every payload, as any handler may.
 */
final class FrameRecorder implements FrameHandler, OutboundHandler {
    /** A whole frame; the buffer is a copy, never changed. */
    record Recorded(FirstByte firstByte, ByteBuffer payload) {
        int length() {
            return payload.remaining();
        }
    }

    private final List<Recorded> frames = new ArrayList<>();
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
    private @Nullable FirstByte open;
    private boolean inMessage;
    private long dataLength;
    private int ready = Integer.MAX_VALUE;
    /** An action that runs while a stage passes a piece on. */
    private Runnable meanwhile = () -> {};

    private SendMode mode = SendMode.DEFAULT;

    /** Accepts only data frames of this mode from now on. */
    void expect(SendMode mode) {
        this.mode = mode;
    }

    void meanwhile(Runnable work) {
        meanwhile = work;
    }

    /** Is ready for the given number of pieces from now on. */
    void readyFor(int more) {
        ready = more;
    }

    @Override
    public boolean isReady() {
        return ready > 0;
    }

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        check(firstByte.opcode().isControl() || mode == this.mode, "a message lost its send mode");
        onFrame(firstByte, payload, endOfFrame);
    }

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        ready--;
        check(open == null || open == firstByte, "pieces of two frames are mixed: " + open + ", then " + firstByte);
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        meanwhile.run();
        check(payload.equals(ByteBuffer.wrap(bytes)), "a passed buffer changed before the call returned");
        frame.writeBytes(bytes);
        if (!firstByte.opcode().isControl()) {
            dataLength += bytes.length;
        }
        if (!payload.isReadOnly()) {
            overwrite(payload);
        }
        open = firstByte;
        if (endOfFrame) {
            open = null;
            frameEnded(firstByte);
            frames.add(
                    new Recorded(firstByte, ByteBuffer.wrap(frame.toByteArray()).asReadOnlyBuffer()));
            frame.reset();
        }
    }

    private void frameEnded(FirstByte firstByte) {
        if (firstByte.opcode().isControl()) {
            check(firstByte.fin(), "a control frame was fragmented");
            check(frame.size() <= 125, "a control frame of " + frame.size() + " bytes");
        } else if (firstByte.opcode() == Opcode.CONTINUATION) {
            check(inMessage, "a continuation without a message");
            inMessage = !firstByte.fin();
        } else if (!firstByte.opcode().isReserved()) {
            check(!inMessage, "a message inside a message");
            inMessage = !firstByte.fin();
        }
    }

    static void overwrite(ByteBuffer payload) {
        for (int i = payload.position(); i < payload.limit(); i++) {
            payload.put(i, (byte) (payload.get(i) ^ 0x5A));
        }
    }

    static void check(boolean holds, String broken) {
        if (!holds) {
            throw new AssertionError(broken);
        }
    }

    List<Recorded> frames() {
        return frames;
    }

    /** Removes and returns the frames. */
    List<Recorded> take() {
        List<Recorded> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    /** How many bytes of data frames have arrived, also of an incomplete frame. */
    long dataLength() {
        return dataLength;
    }

    /** The messages, and the control frames between them, each as one entry, in order of their ends. */
    List<Recorded> messages() {
        check(!inMessage && open == null, "the last message has no end");
        List<Recorded> messages = new ArrayList<>();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        FirstByte first = FirstByte.of(0);
        for (Recorded each : frames) {
            if (each.firstByte.opcode().isControl() || each.firstByte.opcode().isReserved()) {
                messages.add(each);
                continue;
            }
            if (each.firstByte.opcode() != Opcode.CONTINUATION) {
                first = each.firstByte.withFin(true);
            }
            byte[] bytes = new byte[each.length()];
            each.payload.get(0, bytes);
            message.writeBytes(bytes);
            if (each.firstByte.fin()) {
                messages.add(new Recorded(
                        first, ByteBuffer.wrap(message.toByteArray()).asReadOnlyBuffer()));
                message.reset();
            }
        }
        return messages;
    }
}
