package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The keys that the next report may find ready, in order. For the selector's thread. */
final class ReadyKeys {
    /** Handles one of the keys. */
    @FunctionalInterface
    interface Handler {
        /** Returns whether the key had ready operations. */
        boolean handle(UringKey key) throws IOException;
    }

    private List<UringKey> keys = new ArrayList<>();
    private List<UringKey> handled = new ArrayList<>();

    boolean isEmpty() {
        return keys.isEmpty();
    }

    void add(UringKey key) {
        if (!key.isQueued) {
            key.isQueued = true;
            keys.add(key);
        }
    }

    /** Handles the present keys. Returns whether any of them had ready operations. */
    boolean handleAll(Handler handler) throws IOException {
        List<UringKey> due = keys;
        keys = handled;
        handled = due;
        boolean any = false;
        int next = 0;
        try {
            while (next < due.size()) {
                UringKey key = due.get(next);
                key.isQueued = false;
                any |= handler.handle(key);
                next++;
            }
        } finally { // if something throws, the next turn handles this key again, and the others
            if (next < due.size()) {
                add(due.get(next++));
            }
            for (; next < due.size(); next++) {
                due.get(next).isQueued = false;
                add(due.get(next));
            }
            due.clear();
        }
        return any;
    }
}
