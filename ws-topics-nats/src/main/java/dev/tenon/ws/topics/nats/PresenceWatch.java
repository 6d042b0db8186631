package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Presence;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A watch of one topic: a consumer that reads the members of all nodes into a view. Thread-safe. */
final class PresenceWatch implements Presence.Watch {
    final PresenceView view;
    private final String topic;
    private final LastValues members;
    private final SerialTasks tasks;
    private final Duration deadAfter;
    private final Consumer<PresenceWatch> onClose;
    private final CompletableFuture<Presence.Watch> complete = new CompletableFuture<>();
    private @Nullable AutoCloseable consumer; // for the tasks only

    PresenceWatch(
            String topic,
            PresenceView view,
            LastValues members,
            SerialTasks tasks,
            Duration deadAfter,
            Consumer<PresenceWatch> onClose) {
        this.topic = topic;
        this.view = view;
        this.members = members;
        this.tasks = tasks;
        this.deadAfter = deadAfter;
        this.onClose = onClose;
    }

    /** Begins to read; completes when the watcher has received all present members, or fails and closes the watch. */
    CompletionStage<Presence.Watch> begin() {
        tasks.run(this::read).whenComplete((done, failure) -> {
            if (failure != null) {
                close();
                complete.completeExceptionally(failure);
            }
        });
        return complete.minimalCompletionStage();
    }

    /** Reads all entries of the topic, and their changes. For the tasks only. */
    void read() throws Exception {
        AutoCloseable earlier = consumer;
        int snapshot = view.beginSnapshot();
        String subject = members.subject(Subjects.token(topic), "*", "*");
        consumer = members.read(subject, this::value, () -> complete(snapshot));
        LastValues.end(earlier);
    }

    private void value(List<String> tokens, boolean here) {
        view.changed(tokens.get(1), Subjects.text(tokens.get(2)), here);
    }

    /** After a reconnect the server may have lost its streams, so the nodes get time to store their members again. */
    private void complete(int snapshot) {
        if (complete.isDone()) {
            tasks.runLater(() -> view.endSnapshot(snapshot), deadAfter);
        } else {
            view.endSnapshot(snapshot);
            complete.complete(this);
        }
    }

    @Override
    public void close() {
        view.close();
        onClose.accept(this);
        tasks.run(() -> LastValues.end(consumer));
    }
}
