package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Presence;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Queues what it receives: {@code +member} and {@code -member}. */
class QueueingWatcher implements Presence.Watcher {
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void entered(String member) {
        events.add("+" + member);
    }

    @Override
    public void left(String member) {
        events.add("-" + member);
    }

    /** The next event; "null" if none comes for a minute. */
    String next() throws InterruptedException {
        return "" + events.poll(60, TimeUnit.SECONDS);
    }
}
