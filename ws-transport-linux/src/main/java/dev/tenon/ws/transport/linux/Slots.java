package dev.tenon.ws.transport.linux;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Assigns numbers to keys. A number is assigned again only when the kernel has no request with this number. */
final class Slots {
    private @Nullable UringKey[] keys = new UringKey[64];
    private int[] free = new int[64];
    private int freeCount;
    private int used;

    /** Assigns a number to a key, unless it has one. */
    void add(UringKey key) {
        if (key.slot >= 0) {
            return;
        }
        int slot = freeCount > 0 ? free[--freeCount] : used++;
        if (slot == keys.length) {
            keys = Arrays.copyOf(keys, 2 * slot);
        }
        keys[slot] = key;
        key.slot = slot;
    }

    UringKey get(int slot) {
        UringKey key = keys[slot];
        if (key == null) {
            throw new IllegalStateException("the kernel has reported a completion for a removed key, slot " + slot);
        }
        return key;
    }

    void remove(UringKey key) {
        if (key.slot >= 0) {
            keys[key.slot] = null;
            if (freeCount == free.length) {
                free = Arrays.copyOf(free, 2 * freeCount);
            }
            free[freeCount++] = key.slot;
            key.slot = -1;
        }
    }

    boolean haveRequests() {
        for (int i = 0; i < used; i++) {
            UringKey key = keys[i];
            if (key != null && key.isInKernel()) {
                return true;
            }
        }
        return false;
    }
}
