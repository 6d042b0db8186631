package dev.tenon.ws.topics.nats;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The members that have entered on this node, each as a subject of a stream, and the changes that are not stored yet.
 * Thread-safe.
 */
final class OwnMembers {
    private final LastValues stream;
    private final Map<String, Integer> counts = new HashMap<>();
    /** Subjects whose value in the stream may be wrong. */
    private final Set<String> doubtful = new HashSet<>();

    OwnMembers(LastValues stream) {
        this.stream = stream;
    }

    synchronized CompletionStage<@Nullable Void> enter(String subject) {
        return counts.merge(subject, 1, Integer::sum) == 1 ? store(subject) : CompletableFuture.completedStage(null);
    }

    synchronized CompletionStage<@Nullable Void> leave(String subject) {
        boolean entered = counts.containsKey(subject);
        Integer left = counts.computeIfPresent(subject, (name, count) -> count > 1 ? count - 1 : null);
        return entered && left == null ? store(subject) : CompletableFuture.completedStage(null);
    }

    /** The caller holds the lock, so that the values of a subject are stored in order. */
    private CompletionStage<@Nullable Void> store(String subject) {
        return stream.put(subject, counts.containsKey(subject)).whenComplete((done, failure) -> {
            if (failure != null) {
                markDoubtful(subject);
            }
        });
    }

    private synchronized void markDoubtful(String subject) {
        doubtful.add(subject);
    }

    /** The stream may have lost the members of this node, or will soon remove them. */
    synchronized void markAllDoubtful() {
        doubtful.addAll(counts.keySet());
    }

    /** Stores all doubtful subjects again. */
    synchronized void storeDoubtful() {
        List<String> subjects = List.copyOf(doubtful);
        doubtful.clear();
        subjects.forEach(this::store);
    }
}
