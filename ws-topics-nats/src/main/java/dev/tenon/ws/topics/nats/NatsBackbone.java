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
    private final Recovery recovery;
    private final ConnectionListener listener = this::connectionEvent;
    private final RequestThreads requests = new RequestThreads();
    private final Map<String, OpenTopic> topics = new ConcurrentHashMap<>();

    /** A node that tries to continue after an outage for a time before it loses its topics. */
    NatsBackbone(Connection connection, NatsStream stream, OutagePolicy outagePolicy, Duration patience)
            throws IOException {
        this.connection = connection;
        this.stream = stream;
        this.outagePolicy = outagePolicy;
        fallback = new LocalFallback(() -> outagePolicy == OutagePolicy.LOCAL_ONLY && isAway(), topics);
        jetStream = connection.jetStream();
        history = new History(jetStream, connection.jetStreamManagement(), stream);
        recovery = new Recovery(connection, stream, history, requests, fallback, topics, patience);
        consumers = recovery.consumers;
        marker = recovery.marker;
        gapCheck = new GapCheck(
                history,
                recovery::isContinuing,
                requests,
                topic -> recovery.lose(
                        topic, "the history of " + topic.name() + " was too short, or has lost messages"));
        connection.addConnectionListener(listener);
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
        return new NatsBackbone(connection, stream, outagePolicy, Patience.LIMIT);
    }

    @Override
    public CompletionStage<Position> open(String topic, Receiver receiver) {
        OpenTopic opened = new OpenTopic(topic, receiver, recovery.epoch(), recovery::isContinuing, gapCheck::add);
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
        IOException refusal = recovery.refusal();
        if (refusal != null) {
            throw refusal;
        }
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
        IOException refusal = recovery.refusal();
        if (refusal != null) {
            return CompletableFuture.failedStage(refusal);
        }
        String before = recovery.epoch();
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
                recovery.begin(); // a failed attempt to reconnect is reported too
                if (outagePolicy == OutagePolicy.CLOSE || event == ConnectionListener.Events.CLOSED) {
                    recovery.loseAll("the connection to NATS is broken");
                }
            }
            case RECONNECTED -> recovery.resumeUntilDone();
            default -> {}
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
