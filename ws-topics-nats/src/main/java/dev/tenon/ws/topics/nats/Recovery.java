package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Position;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Continues the open topics of a node after an outage, or loses those of which messages may be missing. Thread-safe. */
final class Recovery {
    /** How often a node with open topics looks whether the stream has lost its end. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    private final Connection connection;
    private final History history;
    private final RequestThreads requests;
    private final LocalFallback fallback;
    private final Map<String, OpenTopic> topics;
    private final LossCheck lossCheck;
    private final Patience patience;
    final Consumers consumers;
    final Marker marker;
    /** Set at the start and after each reconnect, when the stream is read. */
    private volatile String epoch;
    /** The outage since which not all topics have continued; null if there is none. */
    private final AtomicReference<@Nullable Outage> outage = new AtomicReference<>();
    /** Why this node cannot use the stream; null if it can. */
    private volatile @Nullable OtherLimitsException refusal;

    /**
     * An outage of the connection. Compared by identity: each break makes a new one, also while the node still continues
     * after the break before, so that what was checked before a break does not count for it.
     */
    private static final class Outage {}

    /**
     * Recovery of a node that is connected.
     *
     * @param topics the open topics of the node
     * @param patience how long attempts to continue may fail before the topics are lost
     */
    Recovery(
            Connection connection,
            NatsStream stream,
            History history,
            RequestThreads requests,
            LocalFallback fallback,
            Map<String, OpenTopic> topics,
            Duration patience)
            throws IOException {
        this.connection = connection;
        this.history = history;
        this.requests = requests;
        this.fallback = fallback;
        this.topics = topics;
        this.patience = Patience.logging(
                patience, "the topics of the stream " + stream.name() + " are lost: this node cannot continue");
        epoch = history.createOrCheck().epoch();
        lossCheck = new LossCheck(history);
        consumers = new Consumers(connection, stream, requests, topics::size, this::resumeUntilDone);
        marker = new Marker(history, stream, topics.values(), this::isContinuing, requests);
        checkLater();
    }

    /** The epoch of the stream. */
    String epoch() {
        return epoch;
    }

    /** Whether the node has not continued yet after an outage. */
    boolean isContinuing() {
        return outage.get() != null;
    }

    /** Why this node cannot use the stream, as a new exception; null if it can. */
    @Nullable
    IOException refusal() {
        IOException known = refusal;
        return known == null ? null : new IOException(known.getMessage(), known);
    }

    /** The connection is broken, or an attempt to reconnect has failed. */
    void begin() {
        outage.set(new Outage());
        patience.begin();
    }

    /**
     * Tries to continue until that succeeds or the connection breaks again, because a server that has just started may
     * refuse. If it fails for long, the topics are lost, because nothing else would tell their subscribers.
     */
    void resumeUntilDone() {
        requests.ofNode(this::resume).whenComplete((same, failure) -> {
            if (failure != null && connection.getStatus() == Connection.Status.CONNECTED) {
                failed(NatsBackbone.unreachable(failure));
                requests.later(this::resumeUntilDone, NatsBackbone.RETRY);
            }
        });
    }

    private void failed(IOException failure) {
        if (failure instanceof OtherLimitsException otherLimits) {
            refusal = otherLimits;
        }
        if (patience.isOverAfter(failure, System.nanoTime())) {
            loseAll("this node cannot continue: " + failure.getMessage());
        }
    }

    /**
     * Continues after a reconnect, sooner than consumers would after missing heartbeats, or after dropped messages. A server
     * that has lost its stream has a new one with other positions.
     */
    private boolean resume() throws IOException, JetStreamApiException {
        Outage ended = outage.get();
        List<OpenTopic.Progress> known = progress();
        Position marked = marker.position();
        History.Bounds now = history.createOrCheck();
        refusal = null;
        fallback.end()
                .forEach(broken -> broken.lose(new IOException(
                        "the other nodes have missed messages that this node published during the outage")));
        if (!now.epoch().equals(epoch)) {
            epoch = now.epoch();
            outage.compareAndSet(ended, null);
            patience.begin();
            loseAll("the history is lost");
            marker.forget();
            return false;
        }
        loseIncomplete(lossCheck.lost(known, marked, now));
        for (OpenTopic each : topics.values()) {
            if (each.last() >= 0) {
                consumers.start(each);
            }
        }
        if (connection.getStatus() == Connection.Status.CONNECTED) {
            outage.compareAndSet(ended, null);
        }
        patience.begin();
        marker.renew();
        return true;
    }

    private List<OpenTopic.Progress> progress() {
        return topics.values().stream()
                .filter(each -> each.last() >= 0)
                .map(OpenTopic::progress)
                .toList();
    }

    private void checkLater() {
        requests.later(this::checkNow, CHECK_INTERVAL);
    }

    private void checkNow() {
        requests.ofNode(this::isUnchanged).whenComplete((unchanged, failure) -> {
            if (failure == null ? !unchanged : NatsBackbone.unreachable(failure) instanceof OtherLimitsException) {
                resumeUntilDone();
            }
            if (connection.getStatus() != Connection.Status.CLOSED) {
                checkLater();
            }
        });
    }

    /**
     * Whether the stream is the same as before and has not lost its end. In a cluster the server of the stream may restart
     * while that of the connection does not. Its consumers may then begin again behind messages of which new ones have taken the
     * numbers.
     */
    private boolean isUnchanged() throws IOException, JetStreamApiException {
        List<OpenTopic.Progress> known = progress();
        Position marked = marker.position();
        if (known.isEmpty() || isContinuing()) {
            return true;
        }
        History.Bounds now = history.bounds();
        return now.epoch().equals(epoch) && !lossCheck.hasLostItsEnd(known, marked, now);
    }

    private void loseIncomplete(List<OpenTopic.Progress> incomplete) {
        if (!incomplete.isEmpty()) {
            marker.forget();
        }
        incomplete.forEach(each -> lose(each.topic(), "the stream has lost messages"));
    }

    void loseAll(String why) {
        topics.values().forEach(opened -> lose(opened, why));
    }

    void lose(OpenTopic opened, String reason) {
        if (topics.remove(opened.name(), opened)) {
            opened.lose(new IOException(reason));
        }
    }
}
