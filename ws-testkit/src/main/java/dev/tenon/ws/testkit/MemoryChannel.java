package dev.tenon.ws.testkit;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The channel of a scripted peer that replaces one end of a memory wire. */
final class MemoryChannel implements PeerChannel {
    private static final ByteBuffer END = ByteBuffer.allocate(0);

    private final End end;
    private final VirtualClock clock;
    private final WireDirection toEnd;
    private final WireDirection fromEnd;

    MemoryChannel(End end, VirtualClock clock, WireDirection toEnd, WireDirection fromEnd) {
        this.end = end;
        this.clock = clock;
        this.toEnd = toEnd;
        this.fromEnd = fromEnd;
    }

    @Override
    public void send(ByteBuffer bytes) {
        toEnd.write(bytes);
        settle();
    }

    private void settle() {
        boolean moved = true;
        while (moved) {
            moved = toEnd.flush();
            moved |= end.step();
            if (end.awaitsCut()) {
                end.breaks();
            }
        }
    }

    @Override
    public void beginStep() {
        // nothing arrives later than now
    }

    @Override
    public @Nullable ByteBuffer receive() {
        settle();
        ByteBuffer arrived = fromEnd.arrived();
        if (arrived == null) {
            return fromEnd.atEnd() || end.isClosed() ? END : null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(arrived.remaining()).put(arrived).flip();
        fromEnd.consumed(bytes.remaining());
        return bytes;
    }

    @Override
    public void end() {
        toEnd.end();
        settle();
    }

    @Override
    public void advance(Duration time) {
        long target = clock.nanoTime() + time.toNanos();
        settle();
        end.tick();
        for (long next = end.nextEvent(); next <= target && !end.isClosed(); next = end.nextEvent()) {
            if (next > clock.nanoTime()) {
                clock.set(next);
            }
            long before = end.nextEvent();
            end.tick();
            settle();
            if (end.nextEvent() == before) {
                break; // due, but this step cannot handle it
            }
        }
        clock.set(target);
        end.tick();
        settle();
    }

    @Override
    public void close() {
        end.breaks();
    }
}
