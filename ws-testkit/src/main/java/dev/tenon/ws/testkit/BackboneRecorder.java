package dev.tenon.ws.testkit;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages that one node has received of one topic between opening and releasing it. */
final class BackboneRecorder implements Backbone.Receiver {
    private final List<Entry> entries = new ArrayList<>();
    private boolean lost;
    private boolean released;
    private boolean calledTooLate;
    /** The position that open has returned. */
    @Nullable
    Position start;

    @Override
    public synchronized void received(Entry entry) {
        calledTooLate |= released || lost;
        entries.add(entry);
    }

    @Override
    public synchronized void lost(Throwable cause) {
        calledTooLate |= released || lost;
        lost = true;
    }

    synchronized void released() {
        released = true;
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Whether it is still open, so that it must receive all messages. */
    synchronized boolean isOpen() {
        return !released && !lost;
    }

    synchronized boolean isLost() {
        return lost;
    }

    synchronized boolean wasCalledTooLate() {
        return calledTooLate;
    }
}
