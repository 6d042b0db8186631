package dev.tenon.ws.client;

import dev.tenon.ws.transport.EventLoop;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * A call that may block, made off the loop; its result comes back to the loop. Cancelling interrupts it, and its result is
 * dropped then.
 */
final class Aside<T> extends FutureTask<T> implements Step {
    private final EventLoop loop;
    private final String what;
    private final Consumer<T> done;
    private final Consumer<IOException> failed;
    private boolean over;

    private Aside(EventLoop loop, String what, Callable<T> call, Consumer<T> done, Consumer<IOException> failed) {
        super(call);
        this.loop = loop;
        this.what = what;
        this.done = done;
        this.failed = failed;
    }

    /** Makes the call. Neither consumer is called before this returns. */
    static <T> Step call(
            Executor executor,
            EventLoop loop,
            String what,
            Callable<T> call,
            Consumer<T> done,
            Consumer<IOException> failed) {
        Aside<T> aside = new Aside<>(loop, what, call, done, failed);
        try {
            executor.execute(aside);
        } catch (RejectedExecutionException e) {
            aside.setException(new IOException("the executor has refused " + what, e));
        }
        return aside;
    }

    @Override
    protected void done() {
        try {
            loop.execute(this::deliver);
        } catch (RejectedExecutionException stopped) {
            deliver(); // there is no loop left that this could disturb
        }
    }

    private void deliver() {
        if (over) {
            return;
        }
        over = true;
        T result;
        try {
            result = get();
        } catch (ExecutionException e) {
            failed.accept(asIoException(e.getCause() == null ? e : e.getCause()));
            return;
        } catch (InterruptedException e) { // cannot be: it is done
            failed.accept(new IOException(what, e));
            return;
        }
        try {
            done.accept(result);
        } catch (RuntimeException e) {
            failed.accept(asIoException(e));
        }
    }

    private IOException asIoException(Throwable cause) {
        return cause instanceof IOException io ? io : new IOException(what + " has failed: " + cause, cause);
    }

    @Override
    public void cancel() {
        over = true;
        cancel(true);
    }

    @Override
    public String waitsFor() {
        return what;
    }
}
