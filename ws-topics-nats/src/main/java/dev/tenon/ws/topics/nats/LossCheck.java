package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Position;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out after an outage of which topics the stream has lost messages that this node has not received: from its beginning,
 * by age, an operator or a clock that has jumped, or from its end, because an older copy was restored or a disk has lost what
 * was written last. {@link GapCheck} finds what the limit of a topic has discarded.
 */
final class LossCheck {
    private final History history;

    LossCheck(History history) {
        this.history = history;
    }

    /**
     * The topics of which messages may be missing.
     *
     * @param topics what the node knew of its topics before it has asked for the bounds of the stream
     * @param marker the position of the marker at that time; null if there was none
     * @param now the bounds of the stream
     */
    List<OpenTopic.Progress> lost(List<OpenTopic.Progress> topics, @Nullable Position marker, History.Bounds now)
            throws IOException, JetStreamApiException {
        Position marked = ofSameEpoch(marker, now);
        if (hasLostItsEnd(topics, marked, now)) {
            return topics;
        }
        List<OpenTopic.Progress> unsure =
                topics.stream().filter(topic -> !now.reachBackTo(topic.seen())).toList();
        if (!unsure.isEmpty() && marked != null && history.has(marked)) {
            return List.of(); // nothing behind the marker was removed, and every topic had all before it
        }
        return unsure;
    }

    private static @Nullable Position ofSameEpoch(@Nullable Position marker, History.Bounds now) {
        return marker != null && marker.epoch().equals(now.epoch()) ? marker : null;
    }

    /** Whether the stream has lost a message that the node knows, and perhaps has others in its place. */
    boolean hasLostItsEnd(List<OpenTopic.Progress> topics, @Nullable Position marker, History.Bounds now)
            throws IOException, JetStreamApiException {
        Position marked = ofSameEpoch(marker, now);
        Position newest = marked;
        for (OpenTopic.Progress topic : topics) {
            if (newest == null || topic.delivered().offset() > newest.offset()) {
                newest = topic.delivered();
            }
        }
        return newest != null
                && (now.last() < newest.offset()
                        || history.hasAnotherAt(newest)
                        || (marked != null && history.hasAnotherAt(marked)));
    }
}
