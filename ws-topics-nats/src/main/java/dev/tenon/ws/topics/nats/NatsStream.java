package dev.tenon.ws.topics.nats;

import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;

/**
 * The JetStream stream with the histories of all topics. It is created if it does not exist; an existing stream must
 * have these settings.
 *
 * @param name the name of the stream, and the first token of its subjects: letters, digits, {@code -} and {@code _}
 * @param messagesPerTopic how many messages of a topic are kept
 * @param maxAge how long a message is kept
 * @param duplicateWindow how long a key is remembered; more than 0, and at most {@code maxAge}
 * @param replicas the number of servers with a copy, 1 to 5
 * @param inMemory whether the stream is in memory instead of on disk
 */
public record NatsStream(
        String name, long messagesPerTopic, Duration maxAge, Duration duplicateWindow, int replicas, boolean inMemory) {
    /**
     * Checks the name and the numbers.
     *
     * @param name the name of the stream, and the first token of its subjects
     * @param messagesPerTopic how many messages of a topic are kept
     * @param maxAge how long a message is kept
     * @param duplicateWindow how long a key is remembered
     * @param replicas the number of servers with a copy
     * @param inMemory whether the stream is in memory instead of on disk
     */
    public NatsStream {
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException("a stream's name has letters, digits, - and _, unlike '" + name + "'");
        }
        if (duplicateWindow.isZero() || duplicateWindow.isNegative()) {
            throw new IllegalArgumentException("a key is remembered for some time, unlike " + duplicateWindow);
        }
        if (messagesPerTopic < 1 || replicas < 1 || duplicateWindow.compareTo(maxAge) > 0) {
            throw new IllegalArgumentException(
                    "messages and replicas are 1 or more, and duplicates cannot be known for longer than the maximal"
                            + " age: "
                            + messagesPerTopic + " messages, " + replicas + " replicas, duplicates known for "
                            + duplicateWindow + " of " + maxAge);
        }
    }

    /**
     * A stream on one server's disk that keeps the last 1,000 messages of each topic for an hour, and keys for two
     * minutes.
     *
     * @param name the name of the stream
     * @return the stream
     */
    public static NatsStream named(String name) {
        return new NatsStream(name, 1_000, Duration.ofHours(1), Duration.ofMinutes(2), 1, false);
    }

    StreamConfiguration configuration() {
        return StreamConfiguration.builder()
                .name(name)
                .subjects(name + ".*")
                .retentionPolicy(RetentionPolicy.Limits)
                .discardPolicy(DiscardPolicy.Old)
                .maxMessagesPerSubject(messagesPerTopic)
                .maxAge(maxAge)
                .duplicateWindow(duplicateWindow)
                .replicas(replicas)
                .storageType(inMemory ? StorageType.Memory : StorageType.File)
                .build();
    }

    /** Whether an existing stream has these settings. */
    boolean agreesWith(StreamConfiguration there) {
        StreamConfiguration wanted = configuration();
        return there.getSubjects().equals(wanted.getSubjects())
                && there.getRetentionPolicy() == wanted.getRetentionPolicy()
                && there.getDiscardPolicy() == wanted.getDiscardPolicy()
                && there.getMaxMsgsPerSubject() == messagesPerTopic
                && there.getMaxAge().equals(maxAge)
                && there.getDuplicateWindow().equals(duplicateWindow)
                && there.getStorageType() == wanted.getStorageType();
    }
}
