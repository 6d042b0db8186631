package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Position;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Finds out whether the stream has discarded messages of a topic before this node has received them. The consumer of a
 * subject skips such messages silently, and sequence numbers are not dense per subject.
 *
 * <pre>{@code
 *   received before      l
 *   received             l         s          a message x between l and s was discarded only if the subject has
 *   stream               l .. x .. s .. .. y  a limit of messages behind it: then y >= s + limit - 1
 * }</pre>
 *
 * <p>So one request for the end of the stream checks all messages of all topics that were received before it. Only where
 * the end is further away, two more requests ask how many messages the subject has, which is fewer than its limit if none
 * was discarded, and whether l is still there: a subject discards its oldest message first. One request runs at a time. A topic
 * stays in the check until its messages are delivered or it is over, whatever fails. Lock order: {@link OpenTopic} before
 * this.
 */
final class GapCheck {
    private final History history;
    private final BooleanSupplier paused;
    private final RequestThreads requests;
    private final Consumer<OpenTopic> lose;

    // Guarded by this.
    private final Set<OpenTopic> due = new LinkedHashSet<>();
    private boolean running;

    /**
     * A check without topics.
     *
     * @param history the stream
     * @param paused whether the node has to check first what the stream has lost during an outage
     * @param requests the threads of the node
     * @param lose is called with a topic of which a message may be missing
     */
    GapCheck(History history, BooleanSupplier paused, RequestThreads requests, Consumer<OpenTopic> lose) {
        this.history = history;
        this.paused = paused;
        this.requests = requests;
        this.lose = lose;
    }

    /** Checks the messages of a topic that wait now. */
    synchronized void add(OpenTopic topic) {
        due.add(topic);
        if (!running) {
            running = true;
            start();
        }
    }

    private void start() {
        requests.ofNode(this::check).whenComplete((unused, failure) -> {
            if (failure == null) {
                next();
            } else {
                requests.later(this::next, NatsBackbone.RETRY);
            }
        });
    }

    private synchronized void next() {
        due.removeIf(OpenTopic::isOver);
        running = !due.isEmpty();
        if (running) {
            start();
        }
    }

    private synchronized Set<OpenTopic> takeDue() {
        Set<OpenTopic> taken = new LinkedHashSet<>(due);
        due.clear();
        return taken;
    }

    private synchronized void putBack(Set<OpenTopic> topics) {
        due.addAll(topics);
    }

    private boolean check() throws IOException, JetStreamApiException {
        Set<OpenTopic> topics = takeDue();
        try {
            refuseWhilePaused();
            Map<OpenTopic, OpenTopic.Batch> batches = new HashMap<>();
            for (OpenTopic topic : topics) {
                batches.put(topic, topic.batch());
            }
            Position end = history.endOfStream();
            refuseWhilePaused(); // the response may have come after a reconnect
            for (Map.Entry<OpenTopic, OpenTopic.Batch> each : batches.entrySet()) {
                finish(each.getKey(), each.getValue(), end);
                topics.remove(each.getKey());
            }
            return true;
        } finally {
            putBack(topics); // those that a failure has left
        }
    }

    private void refuseWhilePaused() throws IOException {
        if (paused.getAsBoolean()) {
            throw new IOException("the node continues after an outage");
        }
    }

    private void finish(OpenTopic topic, OpenTopic.Batch batch, Position end)
            throws IOException, JetStreamApiException {
        if (!end.epoch().equals(topic.epoch())) {
            throw new IOException("the stream is another one than before"); // the topic will be lost for that reason
        }
        if (batch.count() == 0 || history.isGapless(topic.name(), batch, end)) {
            topic.deliver(batch);
        } else {
            lose.accept(topic);
        }
    }
}
