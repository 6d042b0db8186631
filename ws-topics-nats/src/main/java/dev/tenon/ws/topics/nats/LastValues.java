package dev.tenon.ws.topics.nats;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A stream in the memory of the servers that keeps the last value of each subject for a time. A value is true, or false for an
 * entry that is gone.
 */
final class LastValues {
    private static final byte[] HERE = {1};
    private static final byte[] GONE = {};

    /** Receives the values of some subjects, on the dispatcher's thread. */
    interface Reader {
        /**
         * A value was read or has changed.
         *
         * @param tokens the tokens of its subject behind the name of the stream
         * @param here the value
         */
        void value(List<String> tokens, boolean here);
    }

    private final String name;
    private final Duration maxAge;
    private final int replicas;
    private final Connection connection;
    private final JetStream jetStream;
    private final JetStreamManagement management;
    private final Dispatcher dispatcher;

    LastValues(Connection connection, String name, Duration maxAge, int replicas) throws IOException {
        this.connection = connection;
        this.name = name;
        this.maxAge = maxAge;
        this.replicas = replicas;
        jetStream = connection.jetStream();
        management = connection.jetStreamManagement();
        dispatcher = connection.createDispatcher();
    }

    /** Creates the stream if it does not exist; an existing one may have another number of replicas. */
    void create() throws IOException, JetStreamApiException {
        StreamInfo there = History.find(management, name);
        if (there == null) {
            management.addStream(configuration());
        } else if (!agreesWith(there.getConfiguration())) {
            throw new OtherLimitsException("the stream " + name + " exists with other settings than " + configuration()
                    + ": use one time after which a node counts as dead on all nodes, or choose another name");
        }
    }

    private StreamConfiguration configuration() {
        return StreamConfiguration.builder()
                .name(name)
                .subjects(name + ".>")
                .maxMessagesPerSubject(1)
                .maxAge(maxAge)
                .duplicateWindow(maxAge.compareTo(Duration.ofMinutes(2)) < 0 ? maxAge : Duration.ofMinutes(2))
                .replicas(replicas)
                .storageType(StorageType.Memory)
                .build();
    }

    /** Whether an existing stream has these settings. */
    private boolean agreesWith(StreamConfiguration there) {
        return there.getSubjects().equals(List.of(name + ".>"))
                && there.getMaxMsgsPerSubject() == 1
                && there.getMaxAge().equals(maxAge)
                && there.getStorageType() == StorageType.Memory;
    }

    String subject(String... tokens) {
        return name + "." + String.join(".", tokens);
    }

    /** Stores a value. The values of one caller are stored in the order of the calls. */
    CompletionStage<@Nullable Void> put(String subject, boolean here) {
        if (connection.getStatus() != Connection.Status.CONNECTED) {
            return CompletableFuture.failedFuture(new IOException("NATS cannot be reached: " + connection.getStatus()));
        }
        try {
            return jetStream.publishAsync(subject, here ? HERE : GONE).handle((ack, failure) -> {
                if (failure != null) {
                    throw new CompletionException(NatsBackbone.unreachable(failure));
                }
                return null;
            });
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(NatsBackbone.unreachable(failure));
        }
    }

    /**
     * Reads the values of the subjects that match a filter, and their changes, until the returned consumer is closed.
     *
     * @param onComplete called once, when all values at the beginning of reading have been delivered
     */
    AutoCloseable read(String filter, Reader reader, Runnable onComplete) throws IOException, JetStreamApiException {
        PushSubscribeOptions lastOfEach = PushSubscribeOptions.builder().stream(name)
                .ordered(true)
                .configuration(ConsumerConfiguration.builder()
                        .deliverPolicy(DeliverPolicy.LastPerSubject)
                        .build())
                .build();
        Reading reading = new Reading(reader, onComplete);
        JetStreamSubscription subscription =
                jetStream.subscribe(filter, dispatcher, reading::onMessage, false, lastOfEach);
        try {
            reading.expect(subscription.getConsumerInfo().getCalculatedPending());
            return () -> end(reading, subscription);
        } catch (IOException | JetStreamApiException | RuntimeException failure) {
            end(reading, subscription);
            throw failure;
        }
    }

    private void end(Reading reading, JetStreamSubscription subscription) {
        reading.ended = true;
        dispatcher.unsubscribe(subscription);
    }

    /** Ends reading, if it has begun. */
    static void end(@Nullable AutoCloseable consumer) throws Exception {
        if (consumer != null) {
            consumer.close();
        }
    }

    /** Passes messages to a reader, and detects when all initial values were delivered. */
    private final class Reading {
        private final Reader reader;
        private final Runnable onComplete;
        volatile boolean ended;
        private boolean complete; // guarded by this

        Reading(Reader reader, Runnable onComplete) {
            this.reader = reader;
            this.onComplete = onComplete;
        }

        void onMessage(Message message) {
            if (ended) {
                return;
            }
            String tokens = message.getSubject().substring(name.length() + 1);
            reader.value(List.of(tokens.split("\\.")), message.getData().length > 0);
            expect(message.metaData().pendingCount());
        }

        /** Sets how many initial messages are pending; 0 completes them. */
        void expect(long pending) {
            synchronized (this) {
                if (pending > 0 || complete) {
                    return;
                }
                complete = true;
            }
            onComplete.run();
        }
    }

    /** Ends all reading. */
    void close() {
        try {
            connection.closeDispatcher(dispatcher);
        } catch (IllegalArgumentException | IllegalStateException closed) {
            // the closed connection has closed its dispatchers
        }
    }
}
