package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.Replay;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Backbone} over a stream of NATS JetStream. The epoch of a position is the creation time of the stream, the
 * offset the sequence number in it. Live messages come from the stream, never from the subject, which would deliver
 * duplicates.
 *
 * <p>The application owns the connection: it sets TLS, credentials and reconnecting in its options, and closes it. Set
 * {@code maxReconnects(-1)}, so that it always reconnects. The stream remembers a key for its duplicate window. The
 * stream must not be deleted while nodes are connected.
 */
public final class NatsBackbone implements Backbone {
    static final Duration RETRY = Duration.ofMillis(250);

    private final Connection connection;
    private final JetStream jetStream;
    private final History history;
    private final NatsStream stream;
    private final OutagePolicy outagePolicy;
    private final LocalFallback fallback;
    final Consumers consumers;
    private final GapCheck gapCheck;
    final Marker marker;
    private final LossCheck lossCheck;
    private final ConnectionListener listener = this::connectionEvent;
    private final RequestThreads requests = new RequestThreads();
    private final Map<String, OpenTopic> topics = new ConcurrentHashMap<>();
    /** Set at the start and after each reconnect, when the stream is read. */
    private volatile String epoch;
    /** The outage since which not all topics have continued; null if there is none. */
    private final AtomicReference<@Nullable Outage> outage = new AtomicReference<>();

    /**
     * An outage of the connection. Compared by identity: each break makes a new one, also while the node still continues
     * after the break before, so that what was checked before a break does not count for it.
     */
    private static final class Outage {}

    private NatsBackbone(Connection connection, NatsStream stream, OutagePolicy outagePolicy) throws IOException {
        this.connection = connection;
        this.stream = stream;
        this.outagePolicy = outagePolicy;
        fallback = new LocalFallback(() -> outagePolicy == OutagePolicy.LOCAL_ONLY && isAway(), topics);
        jetStream = connection.jetStream();
        history = new History(jetStream, connection.jetStreamManagement(), stream);
        epoch = history.createOrCheck().epoch();
        consumers = new Consumers(connection, stream, requests, topics::size, this::resumeUntilDone);
        gapCheck = new GapCheck(
                history,
                this::isContinuing,
                requests,
                topic -> lose(topic, "the history of " + topic.name() + " was too short"));
        marker = new Marker(history, stream, topics.values(), this::isContinuing, requests);
        lossCheck = new LossCheck(history);
        connection.addConnectionListener(listener);
    }

    /** Whether the node has not continued yet after an outage. */
    private boolean isContinuing() {
        return outage.get() != null;
    }

    /**
     * A node over a connection.
     *
     * @param connection an open connection, which the caller owns
     * @param stream the stream, which is created if it does not exist
     * @param outagePolicy how to behave while the connection is broken
     * @return the node
     * @throws IOException if NATS is unreachable, has no JetStream, or has a different stream of that name
     */
    public static NatsBackbone over(Connection connection, NatsStream stream, OutagePolicy outagePolicy)
            throws IOException {
        return new NatsBackbone(connection, stream, outagePolicy);
    }

    @Override
    public CompletionStage<Position> open(String topic, Receiver receiver) {
        OpenTopic opened = new OpenTopic(topic, receiver, epoch, this::isContinuing, gapCheck::add);
        if (topics.putIfAbsent(topic, opened) != null) {
            throw new IllegalStateException("the topic is open on this node already");
        }
        CompletionStage<Position> local = fallback.open(topic, opened);
        if (local != null) {
            return local;
        }
        return requests.ofClient(() -> subscribe(opened)).whenComplete((position, failure) -> {
            if (failure != null) {
                opened.release(); // a reconnect meanwhile may have started a consumer
                if (topics.remove(topic, opened)) {
                    fallback.release(topic);
                }
            }
        });
    }

    /** Whether the connection is broken, but may reconnect. */
    private boolean isAway() {
        Connection.Status status = connection.getStatus();
        return status != Connection.Status.CONNECTED && status != Connection.Status.CLOSED;
    }

    private Position subscribe(OpenTopic opened) throws IOException, JetStreamApiException {
        Position end = history.markedEndOfStream();
        if (!end.epoch().equals(opened.epoch())) {
            throw new IOException("the stream is another one than before");
        }
        opened.startBehind(end);
        consumers.start(opened);
        marker.renewWhileOpen();
        return end;
    }

    @Override
    public void release(String topic) {
        OpenTopic opened = topics.remove(topic);
        fallback.release(topic);
        if (opened != null) {
            opened.release();
        }
    }

    @Override
    public CompletionStage<Position> publish(String topic, KeyedMessage publication) {
        CompletionStage<Position> local = fallback.publish(topic, publication);
        if (local != null) {
            return local;
        }
        if (connection.getStatus() != Connection.Status.CONNECTED) {
            return CompletableFuture.failedStage(new IOException("NATS cannot be reached: " + connection.getStatus()));
        }
        String before = epoch;
        try {
            String subject = Subjects.of(stream.name(), topic);
            return jetStream
                    .publishAsync(Subjects.message(subject, publication))
                    .handle((ack, failure) -> {
                        if (failure != null) {
                            throw new CompletionException(unreachable(failure));
                        }
                        return new Position(before, ack.getSeqno(), Subjects.mark(subject, publication));
                    })
                    .minimalCompletionStage();
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(unreachable(failure));
        }
    }

    @Override
    public CompletionStage<Replay> replay(String topic, Position after) {
        CompletionStage<Replay> local = fallback.replay(topic, after);
        return local == null
                ? requests.ofClient(() -> history.replay(Subjects.of(stream.name(), topic), after))
                : local;
    }

    static IOException unreachable(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof IOException known
                ? known
                : new IOException("NATS has failed: " + cause.getMessage(), cause);
    }

    private void connectionEvent(Connection unused, ConnectionListener.Events event) {
        switch (event) {
            case DISCONNECTED, CLOSED -> {
                // LOCAL_ONLY needs no event: the next call finds the connection broken
                outage.set(new Outage()); // a failed attempt to reconnect is reported too
                if (outagePolicy == OutagePolicy.CLOSE || event == ConnectionListener.Events.CLOSED) {
                    loseTopics("the connection to NATS is broken");
                }
            }
            case RECONNECTED -> resumeUntilDone();
            default -> {}
        }
    }

    /**
     * Tries to continue until that succeeds or the connection breaks again, because a server that has just started may
     * refuse.
     */
    private void resumeUntilDone() {
        requests.ofNode(this::resume).whenComplete((same, failure) -> {
            if (failure != null && connection.getStatus() == Connection.Status.CONNECTED) {
                requests.later(this::resumeUntilDone, RETRY);
            }
        });
    }

    /**
     * Continues after a reconnect, sooner than consumers would after missing heartbeats, or after dropped messages. A server
     * that has lost its stream has a new one with other positions.
     */
    private boolean resume() throws IOException, JetStreamApiException {
        Outage ended = outage.get();
        List<OpenTopic.Progress> known = topics.values().stream()
                .filter(each -> each.last() >= 0)
                .map(OpenTopic::progress)
                .toList();
        Position marked = marker.position();
        History.Bounds now = history.createOrCheck();
        fallback.end()
                .forEach(broken -> broken.lose(new IOException(
                        "the other nodes have missed messages that this node published during the outage")));
        if (!now.epoch().equals(epoch)) {
            epoch = now.epoch();
            outage.compareAndSet(ended, null);
            loseTopics("the history is lost");
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
        marker.renew();
        return true;
    }

    private void loseIncomplete(List<OpenTopic.Progress> incomplete) {
        if (!incomplete.isEmpty()) {
            marker.forget();
        }
        incomplete.forEach(each -> lose(each.topic(), "the stream has lost messages"));
    }

    private void loseTopics(String why) {
        topics.values().forEach(opened -> lose(opened, why));
    }

    private void lose(OpenTopic opened, String reason) {
        if (topics.remove(opened.name(), opened)) {
            opened.lose(new IOException(reason));
        }
    }

    @Override
    public void close() {
        connection.removeConnectionListener(listener);
        requests.shutdown(); // before the topics: one that is being opened is in the map, or is refused
        for (String topic : List.copyOf(topics.keySet())) {
            release(topic);
        }
        consumers.close();
    }
}
