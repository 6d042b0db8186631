package dev.tenon.ws.topics;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stay whose action to leave runs once. Thread-safe. */
final class OneStay implements Presence.Stay {
    private final CompletionStage<@Nullable Void> entered;
    private final Supplier<CompletionStage<@Nullable Void>> onLeave;
    private final AtomicBoolean hasLeft = new AtomicBoolean();
    private final CompletableFuture<@Nullable Void> left = new CompletableFuture<>();

    OneStay(CompletionStage<@Nullable Void> entered, Supplier<CompletionStage<@Nullable Void>> onLeave) {
        this.entered = entered;
        this.onLeave = onLeave;
    }

    @Override
    public CompletionStage<@Nullable Void> entered() {
        return entered;
    }

    @Override
    public CompletionStage<@Nullable Void> leave() {
        if (hasLeft.compareAndSet(false, true)) {
            onLeave.get().whenComplete((done, failure) -> {
                if (failure == null) {
                    left.complete(null);
                } else {
                    left.completeExceptionally(failure);
                }
            });
        }
        return left.minimalCompletionStage();
    }
}
