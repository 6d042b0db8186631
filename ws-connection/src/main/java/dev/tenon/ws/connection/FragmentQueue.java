package dev.tenon.ws.connection;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.Opcode;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An outbound stage after the {@link Fragmenter}. It holds back frames while more bytes than the high-water mark wait
 * on the wire. So a ping or pong is sent after the current fragment, not after the whole message (RFC 6455 §5.4). A
 * Close frame keeps its place in the queue.
 */
final class FragmentQueue implements OutboundHandler {
    private static final VarHandle BYTES = FieldHandle.of(MethodHandles.lookup(), "bytes", long.class);

    /**
     * A frame or a task that waits until all earlier entries have passed.
     *
     * @param bytes the length of the frame; 0 for a task
     * @param shared the frame, if other connections send it too; otherwise it was copied into the queue
     * @param pass passes the frame on, or is the task
     * @param sent fails if the entry never passes; may be null
     */
    private record Entry(
            long bytes,
            @Nullable SharedFrame shared,
            Runnable pass,
            @Nullable CompletableFuture<@Nullable Void> sent) {}

    private final Wire wire;
    private final long mark;
    private final Deque<Entry> queue = new ArrayDeque<>(2);
    /** Writes a frame that other connections send too. */
    private final Consumer<SharedFrame> writer;

    private @Nullable Fragmenter cut;
    private @Nullable OutboundHandler next;
    /** The bytes that wait. Other threads read this field too. */
    private long bytes;

    FragmentQueue(Wire wire, long mark, Consumer<SharedFrame> writer) {
        this.wire = wire;
        this.mark = mark;
        this.writer = writer;
    }

    /** Sets the next stage and the maximum length of frames; returns the stage that cuts frames for this queue. */
    Fragmenter into(OutboundHandler next, int longest) {
        Fragmenter stage = new Fragmenter(this, longest);
        this.next = next;
        this.cut = stage;
        return stage;
    }

    /** Cuts a frame of any length into fragments and accepts them. */
    void cut(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        Fragmenter stage = cut;
        if (stage != null) {
            stage.onFrame(firstByte, payload, endOfFrame, mode);
        }
    }

    /** Whether a frame is being cut, or frames wait. */
    boolean isBusy() {
        return !queue.isEmpty() || (cut != null && cut.isMidFrame());
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Whether the next frame can pass at once. */
    private boolean isPassable() {
        return queue.isEmpty() && wire.backlog() <= mark;
    }

    /** How many bytes wait here, including frame headers. Safe from any thread. */
    long bytes() {
        return (long) BYTES.getOpaque(this);
    }

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        Opcode opcode = firstByte.opcode();
        boolean ahead = opcode == Opcode.PING || opcode == Opcode.PONG || (opcode.isControl() && queue.isEmpty());
        if (ahead || isPassable()) {
            pass(firstByte, payload, endOfFrame, mode);
            return;
        }
        ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
        long length = (long) copy.remaining() + FrameEncoder.MAX_HEADER_LENGTH;
        add(new Entry(length, null, () -> pass(firstByte, copy, endOfFrame, mode), null));
    }

    private void pass(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        OutboundHandler stage = next;
        if (stage != null) {
            stage.onFrame(firstByte, payload, endOfFrame, mode);
        }
    }

    /** Accepts a frame that other connections send too. Only a reference to it waits. */
    void onShared(SharedFrame frame) {
        if (isPassable()) {
            writer.accept(frame);
        } else {
            add(new Entry(frame.length(), frame, () -> writer.accept(frame), null));
        }
    }

    private void add(Entry entry) {
        queue.add(entry);
        BYTES.setOpaque(this, bytes + entry.bytes);
        if (entry.shared != null) {
            wire.heldBack(entry.shared.buffer(), true);
        } else {
            wire.heldBack(entry.bytes);
        }
    }

    private void countOff(Entry entry) {
        BYTES.setOpaque(this, bytes - entry.bytes);
        if (entry.shared != null) {
            wire.heldBack(entry.shared.buffer(), false);
        } else if (entry.bytes != 0) {
            wire.heldBack(-entry.bytes);
        }
    }

    /** Passes waiting frames on while no more bytes than the high-water mark wait on the wire. */
    void proceed() {
        while (!queue.isEmpty() && wire.backlog() <= mark) {
            Entry next = queue.remove();
            try {
                next.pass.run();
            } finally {
                countOff(next);
            }
        }
    }

    /** Runs a task when all entries that wait now have passed; only if the queue is not empty. */
    void whenPassed(Runnable passed, CompletableFuture<@Nullable Void> sent) {
        queue.add(new Entry(0, null, passed, sent));
    }

    /** Defers a task until all entries that wait now have passed; returns false if the queue is empty. */
    boolean holdsBack(Runnable passed) {
        if (queue.isEmpty()) {
            return false;
        }
        queue.add(new Entry(0, null, passed, null));
        return true;
    }

    /** The connection has ended: drops all entries and fails their futures. */
    void release(IOException lost) {
        Deque<Entry> never = new ArrayDeque<>(queue);
        queue.clear();
        for (Entry entry : never) {
            countOff(entry);
            if (entry.sent != null) {
                entry.sent.completeExceptionally(lost);
            }
        }
    }
}
