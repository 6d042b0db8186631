package dev.tenon.ws.connection;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.Opcode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An outbound stage behind the {@link Fragmenter}: keeps fragments back while more than the high-water mark waits on the
 * wire, so that a ping or pong leaves behind the fragment under way and not behind the whole message (RFC 6455 §5.4). A
 * Close frame keeps its place in the queue.
 */
final class FragmentQueue implements OutboundHandler {
    /** A frame, or, without a header, something that is due when all before it have passed. */
    private record Entry(
            @Nullable FirstByte firstByte,
            ByteBuffer payload,
            SendMode mode,
            @Nullable Runnable passed,
            @Nullable CompletableFuture<@Nullable Void> sent) {}

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final Wire wire;
    private final long mark;
    private final Deque<Entry> queue = new ArrayDeque<>();
    private @Nullable OutboundHandler next;
    private int longest;
    private long bytes;

    FragmentQueue(Wire wire, long mark) {
        this.wire = wire;
        this.mark = mark;
    }

    /** Says where frames go, and how long they are at most. */
    FragmentQueue into(OutboundHandler next, int longest) {
        this.next = next;
        this.longest = longest;
        return this;
    }

    /** Whether a message would pass at once, and in one frame. */
    boolean passes(ByteBuffer payload) {
        return isEmpty() && payload.remaining() <= longest;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** How many bytes wait here, frame headers included. */
    long bytes() {
        return bytes;
    }

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        boolean ahead = firstByte.opcode() == Opcode.PING || firstByte.opcode() == Opcode.PONG;
        if (ahead || (queue.isEmpty() && (firstByte.opcode().isControl() || wire.backlog() <= mark))) {
            pass(firstByte, payload, endOfFrame, mode);
            return;
        }
        ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
        bytes += cost(copy);
        queue.add(new Entry(firstByte, copy, mode, null, null));
    }

    private static long cost(ByteBuffer payload) {
        return (long) payload.remaining() + FrameEncoder.MAX_HEADER_LENGTH;
    }

    private void pass(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        OutboundHandler stage = next;
        if (stage != null) {
            stage.onFrame(firstByte, payload, endOfFrame, mode);
        }
    }

    /** Lets frames pass as long as little waits on the wire. */
    void proceed() {
        for (Entry entry = queue.peek(); entry != null && wire.backlog() <= mark; entry = queue.peek()) {
            queue.remove();
            FirstByte firstByte = entry.firstByte;
            if (firstByte != null) {
                bytes -= cost(entry.payload);
                pass(firstByte, entry.payload, true, entry.mode);
            }
            if (entry.passed != null) {
                entry.passed.run();
            }
        }
    }

    /** Has something done when all that is here has passed; only while something is here. */
    void whenPassed(Runnable passed, CompletableFuture<@Nullable Void> sent) {
        queue.add(new Entry(null, NONE, SendMode.DEFAULT, passed, sent));
    }

    /** Puts something off until all that is here has passed; returns false if nothing is here. */
    boolean holdsBack(Runnable passed) {
        if (queue.isEmpty()) {
            return false;
        }
        queue.add(new Entry(null, NONE, SendMode.DEFAULT, passed, null));
        return true;
    }

    /** What is here will never leave. */
    void release(IOException lost) {
        Deque<Entry> never = new ArrayDeque<>(queue);
        queue.clear();
        bytes = 0;
        for (Entry entry : never) {
            if (entry.sent != null) {
                entry.sent.completeExceptionally(lost);
            }
        }
    }
}
