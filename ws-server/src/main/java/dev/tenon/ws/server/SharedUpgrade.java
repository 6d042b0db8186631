package dev.tenon.ws.server;

import dev.tenon.ws.extension.Upgrade;
import org.jspecify.annotations.Nullable;

/** Keeps the newest upgrade, so that idle connections that have settled the same need not each keep their own. Thread-safe. */
final class SharedUpgrade {
    private volatile @Nullable Upgrade newest;

    /** The newest upgrade if it says the same as this, which else is the newest from now on. */
    Upgrade sharing(Upgrade upgrade) {
        Upgrade last = newest;
        if (last != null && last.equals(upgrade)) {
            return last;
        }
        newest = upgrade;
        return upgrade;
    }
}
