package dev.tenon.ws.transport.linux;

import org.jspecify.annotations.Nullable;

/** The thread that owns a selector: the first one that selects. The kernel refuses the ring to all others. */
final class OwnerThread {
    private volatile @Nullable Thread owner;

    /** Whether the calling thread is the owner. May be called from any thread. */
    boolean isCurrent() {
        return Thread.currentThread() == owner;
    }

    /** Makes the calling thread the owner if there is none, else checks that it is the owner. */
    void require() {
        if (owner == null) {
            owner = Thread.currentThread();
        } else if (!isCurrent()) {
            throw new IllegalStateException("the selector belongs to the first thread that has selected: " + owner);
        }
    }
}
