package dev.tenon.ws.server;

import dev.tenon.ws.extension.Upgrade;
import org.jspecify.annotations.Nullable;

/** Lets connections with equal upgrades share one object, to save memory. Thread-safe. */
final class SharedUpgrade {
    private volatile @Nullable Upgrade newest;

    /** Returns the newest upgrade if it is equal; else remembers this one as the newest. */
    Upgrade sharing(Upgrade upgrade) {
        Upgrade last = newest;
        if (last != null && last.equals(upgrade)) {
            return last;
        }
        newest = upgrade;
        return upgrade;
    }
}
