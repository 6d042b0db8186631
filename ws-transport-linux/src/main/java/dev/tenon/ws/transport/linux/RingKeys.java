package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.util.function.Consumer;

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
    /** The most requests that one update of a key queues: one for receiving, one for polling, two for sending a rest. */
    private static final int REQUESTS_OF_A_KEY = 4;
    /** How long queued bytes wait, in nanoseconds, before the next key is reported. */
    private static final long MOST_DELAY = 200_000;
    /** How long to wait for the next requests of a closed selector to end, and for all of them. */
    private static final long CANCEL_NANOS = 10_000_000;

    private static final long MOST_CANCEL_NANOS = 5_000_000_000L;
    /** After this number of waits, the requests that are left are cancelled again. */
    private static final int ROUNDS_OF_A_CANCEL = 16;

    private final Ring ring;
    private final Requests requests;
    private final ReceiveBuffers buffers;
    private final SendQueue sends;
    private final RestBuffers rests;
    private final EventDescriptor wake;
    private final Slots slots = new Slots();
    private final ChangedKeys changed = new ChangedKeys();
    private final ReadyKeys ready = new ReadyKeys();
    private final KeyCompletions completions = new KeyCompletions(slots, changed, ready);
    private final ChangedKeys.Handler onChange = this::update;
    private final ReadyKeys.Handler onReady = this::report;
    private Report report = (key, ops) -> {};
    private boolean isClosed;

    /** Opens a ring. An event on the descriptor ends {@link #enter}. The buffers are closed with this object. */
    RingKeys(EventDescriptor wake, RingSize size, RestBuffers rests) throws IOException {
        this.wake = wake;
        this.rests = rests;
        this.ring = new Ring(size.requests(), size.completions());
        this.requests = ring.requests();
        try {
            buffers = new ReceiveBuffers(ring.file());
        } catch (IOException | RuntimeException e) {
            ring.file().close();
            throw e;
        }
        this.sends = new SendQueue();
    }

    Ring ring() {
        return ring;
    }

    ReceiveBuffers buffers() {
        return buffers;
    }

    /** Schedules a key for the next {@link #update}. */
    void changed(UringKey key) {
        changed.add(key);
    }

    /** Schedules a cancelled key for an update, which ends its requests. */
    void leave(UringKey key) {
        key.isLeaving = true;
        changed(key);
    }

    /** Calls an action with each key that is scheduled for an update. */
    void forEachChanged(Consumer<UringKey> action) {
        changed.forEach(action);
    }

    /** Whether the selector can wait. An {@link #update} may end the watch for wake-ups; the next one begins it again. */
    boolean isQuiet() {
        return completions.watchesWake() && ready.isEmpty() && changed.isEmpty() && !canResumeStarved();
    }

    /** Whether a key waits for a buffer although there is one, for example because an update has paused other keys. */
    private boolean canResumeStarved() {
        return completions.hasStarved() && buffers.hasRoom();
    }

    // Requests

    /** Queues the requests of the changed keys. */
    void update() throws IOException {
        if (!completions.watchesWake()) {
            makeRoom(1);
            completions.watchWake();
            requests.pollAlways(wake.number(), Requests.POLL_IN, UserData.of(0, UserData.WAKE));
        }
        if (canResumeStarved()) {
            completions.resumeStarved();
        }
        if (!changed.isEmpty()) {
            changed.updateAll(onChange);
        }
        prepareSends();
    }

    private void update(UringKey key) throws IOException {
        makeRoom(REQUESTS_OF_A_KEY);
        if (key.slot < 0) {
            if (!key.isValid()) {
                return;
            }
            slots.add(key);
        }
        key.update(requests);
        if (key.isInputReady()) {
            ready.add(key);
        }
        if (key.isUnused()) {
            changed(key); // so that the selector lets go of it
        }
    }

    /** Submits the queued requests early if there is no room for more. */
    private void makeRoom(int count) throws IOException {
        if (!requests.hasRoomFor(count)) {
            submit();
            if (!requests.hasRoomFor(count)) {
                throw new IOException("the kernel takes no more requests of an io_uring at the moment");
            }
        }
    }

    /** Submits the requests, waits for completions like {@link Ring#enter}, and processes them. */
    void enter(int least, long nanos) throws IOException {
        ring.enter(least, nanos);
        ring.take(completions);
        if (!sends.isEmpty()) {
            endSends();
        }
    }

    /** Submits the requests without waiting, and processes the available completions. */
    private void submit() throws IOException {
        ring.enter(0, 0);
        ring.take(completions);
    }

    // Sending

    SendQueue sends() {
        return sends;
    }

    RestBuffers rests() {
        return rests;
    }

    /** Ends both directions of a key with a failure, which the next read and the next write throw. */
    void fail(UringKey key, IOException failure) {
        completions.fail(key, failure);
    }

    /** Sends all queued bytes now. */
    void send() throws IOException {
        prepareSends();
        enter(0, 0);
    }

    /** Makes the request for a key's rest now. Returns whether the kernel has taken it. */
    boolean sendRest(UringKey key) throws IOException {
        makeRoom(REQUESTS_OF_A_KEY);
        slots.add(key); // the channel may be closed before the key's first update
        key.output.update(requests);
        key.onQueued(requests);
        submit();
        return requests.areSubmitted();
    }

    /** Whether the kernel has taken all requests up to a {@linkplain Requests#count number}. */
    boolean areSubmitted(long count) {
        return requests.areSubmitted(count);
    }

    private void prepareSends() throws IOException {
        while (sends.hasNext()) {
            makeRoom(1);
            UringKey key = sends.next();
            if (key.output.isQueued()) { // else it is sent already, and the key may be gone
                slots.add(key); // the key may be cancelled before its first update
                key.output.submit(requests);
            }
        }
    }

    /** If the kernel has taken all requests, they are complete. Those that have failed are among the completions. */
    private void endSends() throws IOException {
        if (!sends.hasNext() && requests.areSubmitted()) {
            while (ring.hasOverflow()) {
                submit();
            }
            sends.end();
        }
    }

    /** Whether this object has seen all completions of the kernel, so that the next bytes are in the socket itself. */
    boolean isUpToDate() {
        return isClosed || !ring.hasOverflow();
    }

    // Reporting

    /** Receives the ready keys and their operations. */
    @FunctionalInterface
    interface Report {
        void ready(UringKey key, int ops);
    }

    /** Reports the ready keys. Returns whether any key had ready operations. */
    boolean report(Report to) throws IOException {
        report = to;
        return ready.handleAll(onReady);
    }

    private boolean report(UringKey key) throws IOException {
        if (sends.isOlderThan(MOST_DELAY)) {
            send();
        }
        int ops = key.takeReady();
        try {
            if (ops != 0) {
                report.ready(key, ops);
            }
            return ops != 0;
        } finally {
            if (key.isInputReady()) {
                ready.add(key);
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
        completions.remove(key);
    }

    /**
     * Cancels all requests and waits for their end, because the kernel keeps a socket open while it has a request for
     * it.
     */
    void cancelAll() throws IOException {
        if (!ring.file().isEnabled()) {
            return;
        }
        long begin = System.nanoTime();
        boolean inTime = true;
        for (int round = 0; inTime && (round == 0 || slots.haveRequests() || ring.hasOverflow()); round++) {
            if (round % ROUNDS_OF_A_CANCEL == 0) {
                makeRoom(1);
                requests.cancelAll(UserData.of(0, UserData.IGNORED));
            }
            enter(1, CANCEL_NANOS); // ends some of the requests, about 20 at a time
            inTime = System.nanoTime() - begin < MOST_CANCEL_NANOS;
        }
    }

    /** Closes the ring. Queued bytes stay until {@link #closeBuffers}. */
    void closeRing() {
        isClosed = true;
        ring.file().close();
    }

    /** Whether the ring is closed, so that bytes go to the socket itself. */
    boolean isClosed() {
        return isClosed;
    }

    /** Frees the buffers, when the kernel does not use them any more. */
    void closeBuffers() {
        try {
            buffers.close();
        } finally {
            try {
                sends.close();
            } finally {
                rests.close();
            }
        }
    }
}
