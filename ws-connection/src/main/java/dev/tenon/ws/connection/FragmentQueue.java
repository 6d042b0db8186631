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
 * An outbound stage behind the {@link Fragmenter}: keeps frames back while more than the high-water mark waits on the
 * wire, so that a ping or pong leaves behind the fragment under way and not behind the whole message (RFC 6455 §5.4). A
 * Close frame keeps its place in the queue.
 */
final class FragmentQueue implements OutboundHandler {
    private static final VarHandle BYTES = FieldHandle.of(MethodHandles.lookup(), "bytes", long.class);

    /**
     * Something that is due when all before it has passed.
     *
     * @param bytes how long the frame is, if it is one
     * @param copied how many of them were copied to wait here
     * @param pass hands it on
     * @param sent fails if it never passes
     */
    private record Entry(
            long bytes,
            long copied,
            Runnable pass,
            @Nullable CompletableFuture<@Nullable Void> sent) {}

    private final Wire wire;
    private final long mark;
    private final Deque<Entry> queue = new ArrayDeque<>(2);
    /** Writes a frame that others send too. */
    private final Consumer<SharedFrame> writer;

    private @Nullable Fragmenter cut;
    private @Nullable OutboundHandler next;
    /** Read by other threads too, which count what waits. */
    private long bytes;

    FragmentQueue(Wire wire, long mark, Consumer<SharedFrame> writer) {
        this.wire = wire;
        this.mark = mark;
        this.writer = writer;
    }

    /** Says where frames go, and how long they are at most; returns the stage that cuts them for this. */
    Fragmenter into(OutboundHandler next, int longest) {
        Fragmenter stage = new Fragmenter(this, longest);
        this.next = next;
        this.cut = stage;
        return stage;
    }

    /** Takes a frame of any length. */
    void cut(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        Fragmenter stage = cut;
        if (stage != null) {
            stage.onFrame(firstByte, payload, endOfFrame, mode);
        }
    }

    /** Whether a frame is being cut, or fragments wait. */
    boolean isBusy() {
        return !queue.isEmpty() || (cut != null && cut.isMidFrame());
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Whether the next frame need not wait. */
    private boolean isPassable() {
        return queue.isEmpty() && wire.backlog() <= mark;
    }

    /** How many bytes wait here, frame headers included. Safe from any thread. */
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
        add(new Entry(length, length, () -> pass(firstByte, copy, endOfFrame, mode), null));
    }

    private void pass(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        OutboundHandler stage = next;
        if (stage != null) {
            stage.onFrame(firstByte, payload, endOfFrame, mode);
        }
    }

    /** Takes a frame that others send too, of which only a reference waits. */
    void onShared(SharedFrame frame) {
        if (isPassable()) {
            writer.accept(frame);
        } else {
            add(new Entry(frame.length(), 0, () -> writer.accept(frame), null));
        }
    }

    private void add(Entry entry) {
        queue.add(entry);
        count(entry.bytes, entry.copied);
    }

    private void count(long more, long copied) {
        BYTES.setOpaque(this, bytes + more);
        if (copied != 0) {
            wire.heldBack(copied);
        }
    }

    /** Lets frames pass as long as little waits on the wire. */
    void proceed() {
        while (!queue.isEmpty() && wire.backlog() <= mark) {
            Entry next = queue.remove();
            try {
                next.pass.run();
            } finally {
                count(-next.bytes, -next.copied);
            }
        }
    }

    /** Has something done when all that is here has passed; only while something is here. */
    void whenPassed(Runnable passed, CompletableFuture<@Nullable Void> sent) {
        queue.add(new Entry(0, 0, passed, sent));
    }

    /** Puts something off until all that is here has passed; returns false if nothing is here. */
    boolean holdsBack(Runnable passed) {
        if (queue.isEmpty()) {
            return false;
        }
        queue.add(new Entry(0, 0, passed, null));
        return true;
    }

    /** What is here will never leave. */
    void release(IOException lost) {
        Deque<Entry> never = new ArrayDeque<>(queue);
        queue.clear();
        count(-bytes, -never.stream().mapToLong(Entry::copied).sum());
        for (Entry entry : never) {
            if (entry.sent != null) {
                entry.sent.completeExceptionally(lost);
            }
        }
    }
}
