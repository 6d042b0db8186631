package dev.tenon.ws.transport.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An arena that has no memory. */
final class NoMemory implements Arena {
    @Override
    public MemorySegment allocate(long bytes, long alignment) {
        throw new OutOfMemoryError("deliberate");
    }

    @Override
    public MemorySegment.Scope scope() {
        return Arena.global().scope();
    }

    @Override
    public void close() {}
}
