package dev.tenon.ws.conformance.strangers;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The events of a connection as text, in order; a test waits for the next one. */
final class Events {
    private static final long TIMEOUT_SECONDS = 20;

    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

    void add(String event) {
        queue.add(event);
    }

    String next() throws InterruptedException {
        String event = queue.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return event == null ? "nothing happened" : event;
    }
}
