package dev.tenon.ws.topics;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Calls of a backbone. */
final class Stages {
    private Stages() {}

    /** The stage that a call returns. A backbone that throws has failed, like one whose stage fails. */
    static <T> CompletionStage<T> of(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException thrown) {
            return CompletableFuture.failedStage(thrown);
        }
    }
}
