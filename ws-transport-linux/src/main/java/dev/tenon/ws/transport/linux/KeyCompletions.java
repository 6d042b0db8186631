package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives each completion to the key that has made the request, and collects the keys that completions make ready or that
 * need an update. For the selector's thread.
 */
final class KeyCompletions implements Ring.Completions {
    private final Slots slots;
    private final ChangedKeys changed;
    private final ReadyKeys ready;
    /** The keys whose receive request has ended because the kernel had no buffer. */
    private final List<UringKey> starved = new ArrayList<>();

    private boolean watchesWake;

    KeyCompletions(Slots slots, ChangedKeys changed, ReadyKeys ready) {
        this.slots = slots;
        this.changed = changed;
        this.ready = ready;
    }

    /** Whether the kernel has the request that watches for wake-ups. */
    boolean watchesWake() {
        return watchesWake;
    }

    /** The request that watches for wake-ups is made. */
    void watchWake() {
        watchesWake = true;
    }

    /** Whether a key waits for a buffer. */
    boolean hasStarved() {
        return !starved.isEmpty();
    }

    /** Schedules the keys that wait for a buffer for an update. */
    void resumeStarved() {
        starved.forEach(changed::add);
        starved.clear();
    }

    /** Forgets a key. */
    void remove(UringKey key) {
        starved.remove(key);
    }

    @Override
    public void completed(long data, int result, int flags) {
        int kind = UserData.kind(data);
        if (kind == UserData.WAKE) {
            watchesWake = (flags & Ring.MORE) != 0;
        } else if (kind != UserData.IGNORED) {
            completed(slots.get(UserData.slot(data)), kind, result, flags);
        }
    }

    private void completed(UringKey key, int kind, int result, int flags) {
        try {
            handle(key, kind, result, flags);
        } catch (RuntimeException | Error e) { // the results of this key are incomplete, those of others are not
            fail(key, new IOException("the result of a request of io_uring could not be handled", e));
        }
        if (!key.isValid() || !key.registered().isOpen()) {
            changed.add(key);
        }
    }

    private void handle(UringKey key, int kind, int result, int flags) {
        switch (kind) {
            case UserData.RECEIVE -> received(key, result, flags);
            case UserData.POLL -> {
                key.onPolled(result);
                ready.add(key);
            }
            case UserData.SEND -> {
                key.output.onShort(result);
                changed.add(key);
            }
            case UserData.SEND_REST -> {
                key.output.onRestSent(result);
                changed.add(key);
            }
            default -> {
                if (key.onCancelled(kind == UserData.CANCEL_RECEIVE, result)) {
                    changed.add(key);
                }
            }
        }
    }

    private void received(UringKey key, int result, int flags) {
        if (key.input.onReceived(result, flags)) {
            starved.add(key);
        } else {
            ready.add(key);
        }
        if (key.input.mustChange()) {
            changed.add(key);
        }
    }

    /** Ends both directions of a key with a failure, which the next read and the next write throw. */
    void fail(UringKey key, IOException failure) {
        key.input.fail(failure);
        key.output.fail(failure);
        ready.add(key);
    }
}
