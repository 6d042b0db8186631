package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Connects the keys of a selector with its ring: it queues the requests of changed keys, and collects the keys that
 * completions make ready.
 *
 * <pre>
 *     changed ── {@link #update}, requests ──→ ring ── completions, {@link #enter} ──→ ready
 * </pre>
 *
 * For the selector's thread.
 */
final class RingKeys {
    static final int RECEIVE = 0;
    static final int POLL = 1;
    static final int CANCEL_RECEIVE = 2;
    static final int CANCEL_POLL = 3;
    private static final int WAKE = 4;
    private static final int CANCEL_ALL = 5;
    private static final int KIND_BITS = 3;

    private static final int REQUESTS = 1024;
    private static final int COMPLETIONS = 16 * 1024;
    /** The most requests that one update of a key queues: one for receiving and one for polling. */
    private static final int REQUESTS_OF_A_KEY = 2;
    /** How long to wait for the requests of a closed selector to end before they are cancelled again. */
    private static final long CANCEL_NANOS = 10_000_000;

    private final Ring ring = new Ring(REQUESTS, COMPLETIONS);
    private final ReceiveBuffers buffers;
    private final EventDescriptor wake;
    private final Slots slots = new Slots();
    private List<UringKey> changed = new ArrayList<>();
    private List<UringKey> updating = new ArrayList<>();
    private List<UringKey> ready = new ArrayList<>();
    private List<UringKey> reporting = new ArrayList<>();
    /** The keys whose receive request has ended because the kernel had no buffer. */
    private final List<UringKey> starved = new ArrayList<>();

    private final Ring.Completions onCompletion = this::completed;
    private boolean watchesWake;

    /** Opens a ring. An event on the descriptor wakes a thread that waits in {@link #enter}. */
    RingKeys(EventDescriptor wake) throws IOException {
        this.wake = wake;
        try {
            buffers = new ReceiveBuffers(ring);
        } catch (IOException | RuntimeException e) {
            ring.close();
            throw e;
        }
    }

    /** Returns the user data of a request. The completions of the request carry the same value. */
    static long data(int slot, int kind) {
        return (long) slot << KIND_BITS | kind;
    }

    ReceiveBuffers buffers() {
        return buffers;
    }

    /** Schedules a key for the next {@link #update}. */
    void changed(UringKey key) {
        if (!key.isChanged) {
            key.isChanged = true;
            changed.add(key);
        }
    }

    /** Schedules a key for the next {@link #report}. */
    private void queue(UringKey key) {
        if (!key.isQueued) {
            key.isQueued = true;
            ready.add(key);
        }
    }

    /** Whether no key is ready or changed, so that the selector can wait. */
    boolean isQuiet() {
        return ready.isEmpty() && changed.isEmpty();
    }

    // Requests

    /** Queues the requests of the changed keys. */
    void update() throws IOException {
        if (!watchesWake) {
            makeRoom(1);
            watchesWake = true;
            ring.pollAlways(wake.number(), Ring.POLL_IN, data(0, WAKE));
        }
        if (!starved.isEmpty() && buffers.hasRoom()) {
            starved.forEach(this::changed);
            starved.clear();
        }
        if (!changed.isEmpty()) {
            updateChanged();
        }
    }

    private void updateChanged() throws IOException {
        List<UringKey> due = changed;
        changed = updating;
        updating = due;
        int next = 0;
        try {
            while (next < due.size()) {
                makeRoom(REQUESTS_OF_A_KEY);
                UringKey key = due.get(next++);
                key.isChanged = false;
                update(key);
            }
        } finally { // if the kernel has no memory, the next turn updates the other keys
            for (; next < due.size(); next++) {
                due.get(next).isChanged = false;
                changed(due.get(next));
            }
            due.clear();
        }
    }

    private void update(UringKey key) {
        if (key.slot < 0) {
            if (!key.isValid()) {
                return;
            }
            slots.add(key);
        }
        key.update(ring);
        if (key.isInputReady()) {
            queue(key);
        }
    }

    /** Submits the queued requests early if there is no room for more. */
    private void makeRoom(int requests) throws IOException {
        if (!ring.hasRoomFor(requests)) {
            enter(0, 0);
            if (!ring.hasRoomFor(requests)) {
                throw new IOException("the kernel takes no more requests of an io_uring at the moment");
            }
        }
    }

    /** Submits the requests, waits for completions like {@link Ring#enter}, and processes them. */
    void enter(int least, long nanos) throws IOException {
        ring.enter(least, nanos);
        ring.take(onCompletion);
    }

    /** Whether this object has seen all completions of the kernel, so that the next bytes are in the socket itself. */
    boolean isUpToDate() {
        return !ring.hasOverflow();
    }

    // Completions

    private void completed(long data, int result, int flags) {
        int kind = (int) data & (1 << KIND_BITS) - 1;
        if (kind == WAKE) {
            watchesWake = (flags & Ring.MORE) != 0;
        } else if (kind != CANCEL_ALL) {
            completed(slots.get((int) (data >>> KIND_BITS)), kind, result, flags);
        }
    }

    private void completed(UringKey key, int kind, int result, int flags) {
        switch (kind) {
            case RECEIVE -> received(key, result, flags);
            case POLL -> {
                key.onPolled(result);
                queue(key);
            }
            default -> {
                if (key.onCancelled(kind == CANCEL_RECEIVE, result)) {
                    changed(key);
                }
            }
        }
        if (!key.isValid() || !key.registered().isOpen()) {
            changed(key);
        }
    }

    private void received(UringKey key, int result, int flags) {
        if (key.input.onReceived(result, flags)) {
            starved.add(key);
        } else {
            queue(key);
        }
        if (key.input.holdsMuch()) {
            changed(key);
        }
    }

    // Reporting

    /** Receives the ready keys and their operations. */
    @FunctionalInterface
    interface Report {
        void ready(UringKey key, int ops);
    }

    /** Reports the ready keys. Returns whether any key had ready operations. */
    boolean report(Report report) {
        List<UringKey> due = ready;
        ready = reporting;
        reporting = due;
        boolean any = false;
        int next = 0;
        try {
            while (next < due.size()) {
                UringKey key = due.get(next++);
                key.isQueued = false;
                any |= report(key, report);
            }
        } finally { // if the caller's action throws, the next turn reports the other keys
            for (; next < due.size(); next++) {
                due.get(next).isQueued = false;
                queue(due.get(next));
            }
            due.clear();
        }
        return any;
    }

    private boolean report(UringKey key, Report report) {
        int ops = key.takeReady();
        try {
            if (ops != 0) {
                report.ready(key, ops);
            }
            return ops != 0;
        } finally {
            if (key.isInputReady()) {
                queue(key);
            }
            if (key.needsRequest()) {
                changed(key);
            }
        }
    }

    // The end

    /** Removes a key. The kernel must have no request for it. */
    void remove(UringKey key) {
        slots.remove(key);
        starved.remove(key);
    }

    /**
     * Cancels all requests and waits for their end, because the kernel keeps a socket open while it has a request for
     * it.
     */
    void cancelAll() throws IOException {
        if (!ring.isEnabled()) {
            return;
        }
        for (int round = 0; round < 100 && (round == 0 || slots.haveRequests() || ring.hasOverflow()); round++) {
            makeRoom(1);
            ring.cancelAll(data(0, CANCEL_ALL));
            enter(1, CANCEL_NANOS);
        }
    }

    void closeRing() {
        ring.close();
    }
}
