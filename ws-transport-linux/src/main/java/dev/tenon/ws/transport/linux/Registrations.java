package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * The keys of a selector, from their registration until the selector lets go of them. For the selector's thread, except
 * {@link #add}, {@link #remove}, {@link #view} and {@link #changedElsewhere}, which any thread may call.
 */
final class Registrations {
    private final RingKeys ring;
    private final Consumer<UringKey> onReleased;
    private final Consumer<UringKey> onChanged = this::releaseIfUnused;
    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> view = Collections.unmodifiableSet(keys);
    private final Queue<UringKey> changedElsewhere = new ConcurrentLinkedQueue<>();
    /** Channels that would have lost bytes. Their descriptors are closed. */
    private final List<RegisteredChannel> cut = new ArrayList<>();

    /** Creates an empty set, with the action for each key of which the selector lets go. */
    Registrations(RingKeys ring, Consumer<UringKey> onReleased) {
        this.ring = ring;
        this.onReleased = onReleased;
    }

    void add(UringKey key) {
        keys.add(key);
    }

    void remove(UringKey key) {
        keys.remove(key);
    }

    /** An unmodifiable view of the keys. */
    Set<SelectionKey> view() {
        return view;
    }

    /** Schedules an update of a key by the selector's thread. */
    void changedElsewhere(UringKey key) {
        changedElsewhere.add(key);
    }

    /** Lets go of the keys that are not needed any more, and queues the requests of the changed ones. */
    void update(Set<SelectionKey> cancelled) throws IOException {
        deregister(cancelled);
        for (UringKey key; (key = changedElsewhere.poll()) != null; ) {
            ring.changed(key);
        }
        ring.update();
    }

    /** Deregisters cancelled keys, each as soon as the kernel has no request for it, which is a change of the key. */
    void deregister(Set<SelectionKey> cancelled) {
        synchronized (cancelled) {
            for (SelectionKey each : cancelled) {
                ring.leave((UringKey) each);
            }
            cancelled.clear();
        }
        ring.forEachChanged(onChanged);
    }

    private void releaseIfUnused(UringKey key) {
        if (key.isUnused()) {
            release(key);
        }
    }

    private void release(UringKey key) {
        key.isLeaving = false;
        ring.remove(key);
        keys.remove(key);
        RegisteredChannel channel = key.registered();
        if (channel.isOpen()) {
            key.input.received().moveToHeap();
        } else {
            key.input.received().clear();
        }
        SocketLifetime.letGo(channel);
        onReleased.accept(key);
    }

    // The end

    /** Returns the keys of closed channels whose bytes are not sent yet. */
    Deque<UringKey> closedWithBytes() {
        Deque<UringKey> closed = new ArrayDeque<>();
        for (SelectionKey each : keys) {
            UringKey key = (UringKey) each;
            if (!key.registered().isOpen() && key.output.isBusy()) {
                closed.add(key);
            }
        }
        return closed;
    }

    /** Lets go of all keys when the ring is closed, and then throws the first exception. */
    void releaseAll() {
        RuntimeException failure = null;
        for (SelectionKey each : List.copyOf(keys)) {
            try {
                releaseAtOnce((UringKey) each);
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The descriptor of a channel that would lose bytes is closed at once, so that no later bytes follow the gap. */
    private void releaseAtOnce(UringKey key) {
        key.cancel();
        if (key.output.isBusy() && !key.output.sendWithoutRing()) {
            key.registered().descriptor().close();
            cut.add(key.registered());
        }
        release(key);
    }

    /**
     * Closes the channels that would have lost bytes. The caller must not hold the selector's lock, because another
     * thread that closes such a channel may wait for it.
     */
    void closeCut() {
        cut.forEach(SocketLifetime::close);
        cut.clear();
    }
}
