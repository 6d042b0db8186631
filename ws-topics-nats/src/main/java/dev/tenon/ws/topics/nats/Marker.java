package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A message of this node in the stream, which no limit of a topic discards, because its subject is its own.
 *
 * <pre>{@code
 *   stream    a a b b a M c a a          while M is there, no message behind it was removed by its age, an operator or a
 *                                        clock that has jumped: all of these remove from the beginning
 * }</pre>
 *
 * <p>It counts for the topics of which all messages before it were delivered. So a node whose topics have no messages knows
 * after an outage that it has missed none, although other topics have discarded theirs. It is renewed in a quarter of the
 * time that messages are kept. Thread-safe.
 */
final class Marker {
    private static final int RENEWALS = 4;

    private final History history;
    private final NatsStream stream;
    private final Collection<OpenTopic> topics;
    private final BooleanSupplier paused;
    private final RequestThreads requests;

    // Guarded by this.
    private @Nullable Position position;
    /** The next marker, which does not count for all topics yet. */
    private @Nullable Position next;
    /** Each renewal out of turn begins a new round of renewals, and ends the one before. */
    private int round;

    private boolean renewing;

    /**
     * No marker.
     *
     * @param topics the open topics of the node
     * @param paused whether the node continues after an outage
     * @param requests the threads of the node
     */
    Marker(
            History history,
            NatsStream stream,
            Collection<OpenTopic> topics,
            BooleanSupplier paused,
            RequestThreads requests) {
        this.history = history;
        this.stream = stream;
        this.topics = topics;
        this.paused = paused;
        this.requests = requests;
    }

    /** The position of the marker; null until there is one. */
    synchronized @Nullable Position position() {
        return position;
    }

    /** A topic is open: stores a marker, and renews it while topics are open. */
    synchronized void renewWhileOpen() {
        if (!renewing) {
            renew();
        }
    }

    /** Stores another marker now. */
    synchronized void renew() {
        renewing = true;
        next = null;
        renew(++round);
    }

    /** The stream has lost the marker. */
    synchronized void forget() {
        position = null;
    }

    private void renew(int number) {
        requests.ofNode(this::store).whenComplete((done, failure) -> {
            Duration delay = failure == null ? stream.maxAge().dividedBy(RENEWALS) : NatsBackbone.RETRY;
            requests.later(() -> renewLater(number), delay);
        });
    }

    private synchronized void renewLater(int number) {
        if (number == round) {
            renewing = !topics.isEmpty();
            if (renewing) {
                renew(number);
            }
        }
    }

    /** Stores a marker; the one before counts until all topics have been received up to the new one. */
    private boolean store() throws IOException, JetStreamApiException {
        refuseWhilePaused();
        Position stored = next();
        if (stored == null) {
            KeyedMessage message = KeyedMessage.text("");
            stored = history.store(Subjects.ofNode(stream.name(), message.key()), message);
            next(stored);
        }
        for (OpenTopic topic : topics) {
            if (topic.progress().seen() < stored.offset()) {
                long newest = history.newest(topic.name());
                refuseWhilePaused(); // a message that was removed during an outage would not be the newest
                if (!topic.hasAll(newest, stored.offset())) {
                    throw new IOException("a message of " + topic.name() + " is on its way");
                }
            }
        }
        counts(stored);
        return true;
    }

    private void refuseWhilePaused() throws IOException {
        if (paused.getAsBoolean()) {
            throw new IOException("the node continues after an outage");
        }
    }

    private synchronized @Nullable Position next() {
        return next;
    }

    private synchronized void next(Position stored) {
        next = stored;
    }

    private synchronized void counts(Position stored) {
        if (stored.equals(next)) {
            position = stored;
            next = null;
        }
    }
}
