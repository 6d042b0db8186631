package dev.tenon.ws.testkit;

import dev.tenon.ws.topics.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Records the calls of one watcher. */
final class PresenceRecorder implements Presence.Watcher {
    private final Set<String> present = new TreeSet<>();
    private final List<String> wrong = new ArrayList<>();
    private boolean closed;

    @Override
    public synchronized void entered(String member) {
        check(present.add(member), member + " has entered twice");
    }

    @Override
    public synchronized void left(String member) {
        check(present.remove(member), member + " has left, but was not there");
    }

    private void check(boolean right, String what) {
        if (!right) {
            wrong.add(what);
        }
        if (closed) {
            wrong.add("a watcher was called after its watch had ended");
        }
    }

    synchronized void closed() {
        closed = true;
    }

    synchronized Set<String> present() {
        return new TreeSet<>(present);
    }

    /** The calls that break the rules. */
    synchronized List<String> violations() {
        return List.copyOf(wrong);
    }
}
