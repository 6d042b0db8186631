package dev.tenon.ws.client.step;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Protocol;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The link of a connect. Exchanges and TLS run over it as steps, one at a time. Between two steps it is paused, and
 * received bytes wait in the link. Belongs to its event loop.
 */
public final class ConnectLink implements Protocol {
    private final Link link;
    private final StepRunner runner;
    private @Nullable LinkStep<?> current;
    private boolean inputEnded;
    private boolean released;

    /** Becomes the protocol of a connected link. */
    public ConnectLink(Link link, StepRunner runner) {
        this.link = link;
        this.runner = runner;
        link.switchTo(this);
    }

    /** Sends the request of an exchange and receives its response. */
    public <T> Step<T> exchange(Exchange<T> exchange) {
        return new ExchangeStep<>(exchange);
    }

    /**
     * Starts TLS with the server, if there is an engine.
     *
     * @param tap sees every decrypted byte from now on, or null
     * @param what the name of this step in messages
     */
    public Step<ConnectLink> secure(@Nullable SSLEngine engine, @Nullable WireTap tap, String what) {
        return new TlsStep(engine, tap, what);
    }

    /** Closes the link, unless it was handed over. */
    public void close() {
        if (!released) {
            released = true;
            current = null;
            link.close(null);
        }
    }

    /** Hands the paused link over to another protocol. */
    public Link handOver() {
        released = true;
        return link;
    }

    public boolean isOpen() {
        return !released && !link.isClosed();
    }

    // Events of the link; the user's taps and extensions may throw in any of these calls

    @Override
    public void opened() {
        runner.guard(() -> {
            if (current != null) {
                current.opened();
            }
        });
    }

    @Override
    public void received(ByteBuffer input) {
        runner.guard(() -> {
            if (current == null) {
                link.pauseInput();
            } else {
                current.received(input);
            }
        });
        if (released) {
            input.position(input.limit());
        }
    }

    @Override
    public void inputEnded() {
        inputEnded = true;
        runner.guard(() -> {
            if (current != null) {
                current.inputEnded();
            }
        });
    }

    @Override
    public void closed(@Nullable IOException cause) {
        if (released) {
            return;
        }
        released = true;
        LinkStep<?> step = current;
        Throwable failure = failure(cause, step == null ? "the next step" : step.awaitedEvent());
        if (step == null) {
            runner.fail(failure);
        } else {
            runner.guard(() -> step.fail(failure));
        }
    }

    private static Throwable failure(@Nullable IOException cause, String what) {
        if (cause == null) {
            return new EOFException("the connection was closed before " + what);
        }
        return cause instanceof SSLException // it has its own explanation
                ? cause
                : new IOException("the connection failed before " + what + ": " + cause.getMessage(), cause);
    }

    @Override
    public void tick(long nowNanos) {}

    /** The steps have their own timers. */
    @Override
    public long nextDeadline() {
        return Long.MAX_VALUE;
    }

    /** A step over this link. */
    private abstract class LinkStep<T> implements Step<T> {
        private @Nullable Outcome<? super T> outcome;

        @Override
        public final void start(Outcome<? super T> outcome) {
            this.outcome = outcome;
            if (released) {
                fail(new EOFException("the connection was closed before " + awaitedEvent()));
                return;
            }
            current = this;
            begin();
            if (current == this && inputEnded) {
                inputEnded();
            } else if (isOpen()) {
                link.resume();
            }
        }

        abstract void begin();

        void opened() {}

        abstract void received(ByteBuffer input);

        abstract Throwable endOfInput();

        final void inputEnded() {
            fail(endOfInput());
        }

        final void succeed(T result) {
            link.pauseInput();
            Outcome<? super T> receiver = end();
            if (receiver != null) {
                receiver.succeeded(result);
            }
        }

        final void fail(Throwable cause) {
            Outcome<? super T> receiver = end();
            close();
            if (receiver != null) {
                receiver.failed(cause);
            }
        }

        private @Nullable Outcome<? super T> end() {
            Outcome<? super T> receiver = outcome;
            outcome = null;
            if (current == this) {
                current = null;
            }
            return receiver;
        }

        @Override
        public final void cancel() {
            end();
            close();
        }
    }

    private final class ExchangeStep<T> extends LinkStep<T> {
        private final Exchange<T> exchange;

        ExchangeStep(Exchange<T> exchange) {
            this.exchange = exchange;
        }

        @Override
        void begin() {
            link.write(exchange.request());
        }

        @Override
        void received(ByteBuffer input) {
            T result;
            try {
                result = exchange.receive(input);
            } catch (Throwable refused) {
                fail(refused);
                return;
            }
            if (result != null) {
                succeed(result);
            }
        }

        @Override
        Throwable endOfInput() {
            return exchange.endOfInput();
        }

        @Override
        public @Nullable Throwable failureSoFar() {
            return exchange.failureSoFar();
        }

        @Override
        public String awaitedEvent() {
            return exchange.awaitedEvent();
        }
    }

    private final class TlsStep extends LinkStep<ConnectLink> {
        private final @Nullable SSLEngine engine;
        private final @Nullable WireTap tap;
        private final String what;

        TlsStep(@Nullable SSLEngine engine, @Nullable WireTap tap, String what) {
            this.engine = engine;
            this.tap = tap;
            this.what = what;
        }

        @Override
        void begin() {
            link.startTls(engine, tap);
        }

        @Override
        void opened() {
            succeed(ConnectLink.this);
        }

        @Override
        void received(ByteBuffer input) {}

        @Override
        Throwable endOfInput() {
            return new EOFException("the connection was ended by the other side before " + awaitedEvent());
        }

        @Override
        public String awaitedEvent() {
            return what;
        }
    }
}
