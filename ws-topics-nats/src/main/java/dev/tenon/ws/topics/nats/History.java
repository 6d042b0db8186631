package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.Replay;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the history in the stream. All methods block. */
final class History {
    private static final int NOT_FOUND = 404;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    /** How often the end of the history is looked for while no message comes. */
    private static final int CHECKS = 10;

    /**
     * The messages that a stream has.
     *
     * @param epoch its epoch
     * @param first the sequence number of its first message, or of the next one if it is empty
     * @param last the sequence number of its newest message, 0 if there was none
     */
    record Bounds(String epoch, long first, long last) {
        /**
         * Whether no message behind a sequence number was removed from the beginning of the stream: by its age, by an
         * operator, or by a clock that has jumped ahead. The limit of a topic may have removed some.
         */
        boolean reachBackTo(long sequence) {
            return first <= sequence + 1;
        }
    }

    private final JetStream jetStream;
    private final JetStreamManagement management;
    private final NatsStream stream;

    History(JetStream jetStream, JetStreamManagement management, NatsStream stream) {
        this.jetStream = jetStream;
        this.management = management;
        this.stream = stream;
    }

    /** Creates the stream if it does not exist; returns what it has. */
    Bounds createOrCheck() throws IOException {
        try {
            StreamInfo there = find(management, stream.name());
            return check(there == null ? management.addStream(stream.configuration()) : there);
        } catch (JetStreamApiException failure) {
            throw NatsBackbone.unreachable(failure);
        }
    }

    /** What the stream has, which must exist. */
    Bounds bounds() throws IOException, JetStreamApiException {
        return check(management.getStreamInfo(stream.name()));
    }

    private Bounds check(StreamInfo info) throws OtherLimitsException {
        if (!stream.agreesWith(info.getConfiguration())) {
            throw new OtherLimitsException("the stream " + stream.name() + " exists with other limits than " + stream
                    + ": change one of the two, or choose another name");
        }
        return new Bounds(
                epoch(info),
                info.getStreamState().getFirstSequence(),
                info.getStreamState().getLastSequence());
    }

    /** Finds a stream; returns null if it does not exist. */
    static @Nullable StreamInfo find(JetStreamManagement management, String name)
            throws IOException, JetStreamApiException {
        try {
            return management.getStreamInfo(name);
        } catch (JetStreamApiException failure) {
            if (failure.getErrorCode() == NOT_FOUND) {
                return null;
            }
            throw failure;
        }
    }

    private static String epoch(StreamInfo info) {
        Instant created = info.getCreateTime().toInstant();
        return Long.toString(created.getEpochSecond(), Character.MAX_RADIX) + "-" + created.getNano();
    }

    Position endOfStream() throws IOException, JetStreamApiException {
        StreamInfo info = management.getStreamInfo(stream.name());
        return new Position(epoch(info), info.getStreamState().getLastSequence());
    }

    /** The position at the end of the stream with the mark of the message there, if it is there still. */
    Position markedEndOfStream() throws IOException, JetStreamApiException {
        Position end = endOfStream();
        MessageInfo last = messageAt(end.offset());
        return last == null ? end : new Position(end.epoch(), end.offset(), Subjects.mark(last.getHeaders()));
    }

    /** Stores a message that no topic has; returns its position. */
    Position store(String subject, KeyedMessage message) throws IOException, JetStreamApiException {
        String epoch = endOfStream().epoch();
        long sequence = jetStream.publish(Subjects.message(subject, message)).getSeqno();
        return new Position(epoch, sequence, Subjects.mark(subject, message));
    }

    /** The sequence number of the newest message of a topic; 0 if there is none. */
    long newest(String topic) throws IOException, JetStreamApiException {
        MessageInfo newest = message(Subjects.of(stream.name(), topic));
        return newest == null ? 0 : newest.getSeq();
    }

    /** Whether the stream has the message at a position, and not another one in its place. */
    boolean has(Position position) throws IOException, JetStreamApiException {
        MessageInfo there = messageAt(position.offset());
        return there != null && isSame(there, position);
    }

    /** Whether the stream has lost the message at a position, and has another one in its place. */
    boolean hasAnotherAt(Position position) throws IOException, JetStreamApiException {
        MessageInfo there = messageAt(position.offset());
        return there != null && !isSame(there, position);
    }

    private static boolean isSame(MessageInfo there, Position position) {
        return position.mark().isEmpty() || position.mark().equals(Subjects.mark(there.getHeaders()));
    }

    Replay replay(String subject, Position after) throws IOException, JetStreamApiException, InterruptedException {
        Position newest = endOfStream();
        MessageInfo last = message(subject);
        Position end = last == null
                ? new Position(newest.epoch(), 0)
                : new Position(newest.epoch(), last.getSeq(), Subjects.mark(last.getHeaders()));
        if (!after.epoch().equals(newest.epoch()) || after.offset() > Math.max(newest.offset(), end.offset())) {
            return Replay.notRecovered(end);
        }
        List<Entry> entries = end.offset() > after.offset() ? read(subject, after, end) : List.of();
        return reachesBackTo(subject, after)
                ? Replay.of(entries, end)
                : Replay.notRecovered(end); // checked after the messages were read
    }

    /** The messages of a subject behind a position, up to the position of another message. */
    private List<Entry> read(String subject, Position after, Position end)
            throws IOException, JetStreamApiException, InterruptedException {
        List<Entry> entries = new ArrayList<>();
        JetStreamSubscription consumer = jetStream.subscribe(subject, Consumers.from(stream, after.offset() + 1));
        try {
            long read = after.offset();
            while (read < end.offset()) {
                Message message = next(consumer, end);
                if (message == null) {
                    return entries;
                }
                read = message.metaData().streamSequence();
                if (read <= end.offset()) {
                    entries.add(Subjects.entry(end.epoch(), message));
                }
            }
        } finally {
            consumer.unsubscribe();
        }
        return entries;
    }

    /** The next message, or null if the message at the end was removed meanwhile, for example because of its age. */
    private @Nullable Message next(JetStreamSubscription consumer, Position end)
            throws IOException, JetStreamApiException, InterruptedException {
        for (int i = 0; i < CHECKS; i++) {
            Message message = consumer.nextMessage(TIMEOUT.dividedBy(CHECKS));
            if (message != null || messageAt(end.offset()) == null) {
                return message;
            }
        }
        throw new IOException("NATS has not sent the history within " + TIMEOUT);
    }

    /**
     * Whether no message of a subject behind a position was discarded. A stream discards by age from its beginning, and by
     * number from the beginning of the subject: so either the message at the position itself is there still, or neither
     * limit has been reached behind it. If another message is there, the stream has lost its newest messages once.
     */
    private boolean reachesBackTo(String subject, Position after) throws IOException, JetStreamApiException {
        StreamInfo info = management.getStreamInfo(stream.name(), StreamInfoOptions.filterSubjects(subject));
        if (!epoch(info).equals(after.epoch())) {
            return false;
        }
        MessageInfo there = messageAt(after.offset());
        if (there != null && !isSame(there, after)) {
            return false;
        }
        boolean agedOut = info.getStreamState().getFirstSequence() > after.offset() + 1;
        return (!agedOut && count(info, subject) < stream.messagesPerTopic()) || isOf(subject, there);
    }

    private static long count(StreamInfo info, String subject) {
        Map<String, Long> counts = info.getStreamState().getSubjectMap();
        return counts == null ? 0 : counts.getOrDefault(subject, 0L);
    }

    /**
     * Whether the stream has discarded no message between the messages of a batch, nor before its first, before they were
     * received, nor lost the message before them.
     *
     * @param topic the name of the topic
     * @param batch messages of the topic
     * @param end the end of the stream after these messages were received
     */
    boolean isGapless(String topic, OpenTopic.Batch batch, Position end) throws IOException, JetStreamApiException {
        if (batch.suspect() && hasAnotherAt(batch.before())) {
            return false;
        }
        return end.offset() - batch.first() < stream.messagesPerTopic() - 1
                || hasDiscardedNone(
                        Subjects.of(stream.name(), topic), batch.before().offset());
    }

    private boolean hasDiscardedNone(String subject, long before) throws IOException, JetStreamApiException {
        StreamInfo info = management.getStreamInfo(stream.name(), StreamInfoOptions.filterSubjects(subject));
        return count(info, subject) < stream.messagesPerTopic() || isOf(subject, messageAt(before));
    }

    private @Nullable MessageInfo message(String subject) throws IOException, JetStreamApiException {
        try {
            return management.getLastMessage(stream.name(), subject);
        } catch (JetStreamApiException failure) {
            if (failure.getErrorCode() == NOT_FOUND) {
                return null;
            }
            throw failure;
        }
    }

    private static boolean isOf(String subject, @Nullable MessageInfo message) {
        return message != null && subject.equals(message.getSubject());
    }

    private @Nullable MessageInfo messageAt(long sequence) throws IOException, JetStreamApiException {
        if (sequence == 0) {
            return null;
        }
        try {
            return management.getMessage(stream.name(), sequence);
        } catch (JetStreamApiException failure) {
            if (failure.getErrorCode() == NOT_FOUND) {
                return null;
            }
            throw failure;
        }
    }
}
