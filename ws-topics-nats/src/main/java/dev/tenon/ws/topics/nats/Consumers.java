package dev.tenon.ws.topics.nats;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * The consumers of a node's open topics, which share one thread.
 *
 * <p>If that thread is held up for long, NATS's client drops messages. A consumer notices the gap when the next message of its
 * topic arrives, which may be hours later. So this looks every second whether messages were dropped.
 */
final class Consumers {
    /**
     * How often the server of a consumer sends a heartbeat while the topic has no messages, and after how long without any the
     * consumer is created again on another server. Its server may be killed while that of the connection is not. For about half
     * a minute after that, the cluster may place the new consumer on the killed server too, so each attempt has to be short.
     */
    private static final Duration HEARTBEAT = Duration.ofSeconds(3);

    /** How many heartbeats a node with many topics receives each second, until its consumers have the longest heartbeat. */
    private static final int HEARTBEATS_PER_SECOND = 100;

    private static final Duration LONGEST_HEARTBEAT = Duration.ofMinutes(1);
    /** After how many heartbeats that have not come a consumer is created again. */
    private static final int MISSING_HEARTBEATS = 2;

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final Connection connection;
    private final JetStream jetStream;
    private final NatsStream stream;
    private final RequestThreads threads;
    private final IntSupplier openTopics;
    private final Runnable onDropped;
    final Dispatcher dispatcher;
    /** How many messages were dropped at the last check. For {@link #check} only. */
    private long knownDropped;

    /**
     * No consumers.
     *
     * @param threads the threads of the node, which end the checks
     * @param openTopics how many topics are open
     * @param onDropped is called when messages were dropped; must not block
     */
    Consumers(
            Connection connection,
            NatsStream stream,
            RequestThreads threads,
            IntSupplier openTopics,
            Runnable onDropped)
            throws IOException {
        this.connection = connection;
        this.stream = stream;
        this.threads = threads;
        this.openTopics = openTopics;
        this.onDropped = onDropped;
        jetStream = connection.jetStream();
        dispatcher = connection.createDispatcher();
        checkLater();
    }

    private void checkLater() {
        threads.later(this::check, CHECK_INTERVAL);
    }

    private void check() {
        if (connection.getStatus() == Connection.Status.CLOSED) {
            return;
        }
        long dropped = dispatcher.getDroppedCount();
        if (dropped != knownDropped) {
            knownDropped = dropped;
            onDropped.run();
        }
        checkLater();
    }

    /** Starts delivery of the messages behind the newest received one. */
    void start(OpenTopic opened) throws IOException, JetStreamApiException {
        TopicConsumer consumer = new TopicConsumer(opened);
        JetStreamSubscription subscription = jetStream.subscribe(
                Subjects.of(stream.name(), opened.name()),
                dispatcher,
                consumer::onMessage,
                false,
                from(stream, opened.last() + 1, heartbeat(openTopics.getAsInt())));
        consumer.begun(subscription.getConsumerName());
        opened.subscribed(() -> end(subscription));
    }

    /**
     * The heartbeat of a topic that is opened as one of so many: a heartbeat costs the node and the server about as much as a
     * message, so that 10,000 topics without messages would otherwise take a tenth of a core on each side.
     */
    static Duration heartbeat(int topics) {
        Duration shared = Duration.ofSeconds(topics).dividedBy(HEARTBEATS_PER_SECOND);
        Duration atLeast = shared.compareTo(HEARTBEAT) < 0 ? HEARTBEAT : shared;
        return atLeast.compareTo(LONGEST_HEARTBEAT) < 0 ? atLeast : LONGEST_HEARTBEAT;
    }

    /** Options of a consumer that is needed for a moment. */
    static PushSubscribeOptions from(NatsStream stream, long sequence) {
        return from(stream, sequence, HEARTBEAT);
    }

    /** Options of an ordered consumer, which detects gaps and then starts again behind the last message. */
    private static PushSubscribeOptions from(NatsStream stream, long sequence, Duration heartbeat) {
        return PushSubscribeOptions.builder().stream(stream.name())
                .ordered(true)
                .messageAlarmTime(heartbeat.multipliedBy(MISSING_HEARTBEATS).toMillis())
                .configuration(ConsumerConfiguration.builder()
                        .deliverPolicy(DeliverPolicy.ByStartSequence)
                        .startSequence(sequence)
                        .idleHeartbeat(heartbeat)
                        .build())
                .build();
    }

    private void end(JetStreamSubscription subscription) {
        try {
            dispatcher.unsubscribe(subscription);
        } catch (IllegalStateException closed) {
            // the closed connection has closed its consumers
        }
    }

    void close() {
        try {
            connection.closeDispatcher(dispatcher);
        } catch (IllegalArgumentException | IllegalStateException closed) {
            // the closed connection has closed its dispatchers
        }
    }
}
