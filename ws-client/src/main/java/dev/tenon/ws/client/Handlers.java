package dev.tenon.ws.client;

import dev.tenon.ws.client.step.OffLoopCall;
import dev.tenon.ws.client.step.StepRunner;
import java.net.PasswordAuthentication;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Calls the user's resolver, proxy selector, cookie handler, TLS settings and authenticator as steps on an executor. A
 * slow call delays only calls of the same kind for the same host.
 *
 * @param options has the handlers
 * @param runner runs the steps
 */
record Handlers(ConnectOptions options, StepRunner runner) {
    <T> void call(String what, String host, Callable<T> call, StepRunner.Continuation<? super T> then) {
        call(what, host, options.handlerTimeout, call, then, runner::fail);
    }

    <T> void call(
            String what,
            String host,
            long timeout,
            Callable<T> call,
            StepRunner.Continuation<? super T> then,
            StepRunner.Continuation<? super Throwable> otherwise) {
        OffLoopCall<T> step = new OffLoopCall<>(options.executor, runner.loop(), List.of(what, host), what, call);
        runner.run(step, timeout, then, otherwise);
    }

    /** Asks the authenticator for user name and password; the result may be null. */
    void requestLogin(
            String host,
            Callable<@Nullable PasswordAuthentication> question,
            StepRunner.Continuation<@Nullable PasswordAuthentication> then) {
        this.<@Nullable PasswordAuthentication>call("the authenticator", host, question, then);
    }
}
