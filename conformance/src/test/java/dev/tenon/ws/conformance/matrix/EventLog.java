package dev.tenon.ws.conformance.matrix;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The events of one end as text, in order. Thread-safe. */
final class EventLog {
    private static final long TIMEOUT_SECONDS = 20;

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    void add(String event) {
        events.add(event);
    }

    /** Records that the connection has ended. */
    void closed(int code, @Nullable String reason) {
        add(("closed " + code + " " + (reason == null ? "" : reason)).strip());
    }

    /** Waits for the next event; "nothing" after 20 s. */
    String next() throws InterruptedException {
        String event = events.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return event == null ? "nothing" : event;
    }

    /** Removes all recorded events. */
    void clear() {
        events.clear();
    }
}
