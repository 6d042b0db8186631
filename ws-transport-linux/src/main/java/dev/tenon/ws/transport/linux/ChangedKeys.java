package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The keys whose requests may have to change, in order. For the selector's thread. */
final class ChangedKeys {
    /** Updates one of the keys. */
    @FunctionalInterface
    interface Handler {
        void update(UringKey key) throws IOException;
    }

    private List<UringKey> keys = new ArrayList<>();
    private List<UringKey> updated = new ArrayList<>();

    boolean isEmpty() {
        return keys.isEmpty();
    }

    void add(UringKey key) {
        if (!key.isChanged) {
            key.isChanged = true;
            keys.add(key);
        }
    }

    /** Calls an action with each present key. */
    void forEach(Consumer<UringKey> action) {
        keys.forEach(action);
    }

    /** Updates the present keys. If the kernel has no memory for their requests, the next turn updates the others. */
    void updateAll(Handler handler) throws IOException {
        List<UringKey> due = keys;
        keys = updated;
        updated = due;
        int next = 0;
        try {
            while (next < due.size()) {
                UringKey key = due.get(next);
                key.isChanged = false;
                handler.update(key);
                next++;
            }
        } finally {
            for (; next < due.size(); next++) {
                due.get(next).isChanged = false;
                add(due.get(next));
            }
            due.clear();
        }
    }
}
