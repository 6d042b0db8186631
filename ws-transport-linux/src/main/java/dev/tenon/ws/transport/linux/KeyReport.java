package dev.tenon.ws.transport.linux;

import java.nio.channels.SelectionKey;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** Reports ready keys, either to an action of the caller or in the set of selected keys. For the selector's thread. */
final class KeyReport {
    private final Set<SelectionKey> selected = new HashSet<>();
    private final RingKeys.Report toAction = this::act;
    private final RingKeys.Report toSet = this::select;
    private Consumer<SelectionKey> action = key -> {};
    private final Runnable afterAction;
    private int count;

    /** Creates a report that runs a check after each call of an action; an exception of the check ends the report. */
    KeyReport(Runnable afterAction) {
        this.afterAction = afterAction;
    }

    /** The keys that are reported in the set and that the caller has not removed. */
    Set<SelectionKey> selected() {
        return selected;
    }

    /** Begins to report to an action. */
    RingKeys.Report toAction(Consumer<SelectionKey> next) {
        action = Objects.requireNonNull(next);
        count = 0;
        return toAction;
    }

    /** Begins to report in the set. */
    RingKeys.Report toSet() {
        count = 0;
        return toSet;
    }

    /** The number of keys since the begin. */
    int count() {
        return count;
    }

    private void act(UringKey key, int ops) {
        key.ready(ops);
        count++;
        action.accept(key);
        afterAction.run();
    }

    private void select(UringKey key, int ops) {
        int before = selected.add(key) ? 0 : key.readyOps();
        key.ready(before | ops);
        count += (before | ops) == before ? 0 : 1;
    }
}
