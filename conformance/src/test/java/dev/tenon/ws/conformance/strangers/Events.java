package dev.tenon.ws.conformance.strangers;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What has happened, in order, as text; a test waits for the next. */
final class Events {
    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

    void add(String event) {
        queue.add(event);
    }

    String next() throws InterruptedException {
        String event = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return event == null ? "nothing happened" : event;
    }
}
