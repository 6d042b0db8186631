package dev.tenon.ws.client.dial;

import dev.tenon.ws.client.step.Step;
import dev.tenon.ws.client.step.StepRunner;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Links;
import dev.tenon.ws.transport.Protocol;
import dev.tenon.ws.transport.Timer;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one of several addresses: the next attempt starts when the one before has failed, or has not connected for
 * some time; the first that connects wins, and the others are closed (RFC 8305 §5).
 */
public final class HappyEyeballs implements Step<Link> {
    private final StepRunner runner;
    private final EventLoop loop;
    private final long staggerNanos;
    private final String host;
    private final Iterator<? extends SocketAddress> addresses;
    private final Consumer<Link> created;

    private final List<Attempt> running = new ArrayList<>();
    private final List<IOException> failures = new ArrayList<>();
    private final StringBuilder tried = new StringBuilder();
    private @Nullable Outcome<? super Link> outcome;
    private @Nullable Timer stagger;

    /**
     * Connects to one of several addresses.
     *
     * @param host the host of the addresses, for messages
     * @param addresses the addresses in the order of attempts, not empty
     * @param created receives each link before it is connected
     */
    public HappyEyeballs(
            StepRunner runner,
            long staggerNanos,
            String host,
            List<? extends SocketAddress> addresses,
            Consumer<Link> created) {
        this.runner = runner;
        this.loop = runner.loop();
        this.staggerNanos = staggerNanos;
        this.host = host;
        this.addresses = addresses.iterator();
        this.created = created;
    }

    @Override
    public void start(Outcome<? super Link> outcome) {
        this.outcome = outcome;
        startNext();
    }

    private void startNext() {
        if (outcome == null || !addresses.hasNext()) {
            return;
        }
        stopTimer();
        Attempt attempt = new Attempt(addresses.next());
        running.add(attempt);
        if (addresses.hasNext()) {
            stagger = loop.schedule(staggerNanos, () -> runner.guard(this::startNext));
        }
        attempt.connect();
    }

    private void stopTimer() {
        if (stagger != null) {
            stagger.cancel();
            stagger = null;
        }
    }

    /** The attempt at one address. */
    private final class Attempt implements Protocol {
        private final SocketAddress remote;
        private @Nullable Link link;
        private boolean over;

        Attempt(SocketAddress remote) {
            this.remote = remote;
        }

        void connect() {
            tried.append(tried.length() == 0 ? "" : ", ").append(name());
            SocketChannel channel = null;
            try {
                channel = open();
                channel.configureBlocking(false);
                Links.connect(loop, channel, remote, null, null, connecting -> {
                    link = connecting;
                    created.accept(connecting);
                    return this;
                });
            } catch (IOException | RuntimeException e) {
                IOException cause = e instanceof IOException io ? io : new ConnectException(e.toString());
                closeQuietly(channel, cause);
                fails(cause);
            }
        }

        private String name() {
            return remote instanceof InetSocketAddress internet
                    ? internet.getAddress().getHostAddress()
                    : remote.toString();
        }

        private SocketChannel open() throws IOException {
            if (remote instanceof UnixDomainSocketAddress) {
                return loop.provider().openSocketChannel(StandardProtocolFamily.UNIX);
            }
            SocketChannel channel = loop.provider().openSocketChannel();
            return channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }

        @Override
        public void opened() {
            runner.guard(() -> {
                if (!over && link != null) {
                    over = true;
                    running.remove(this);
                    wins(link);
                }
            });
        }

        private void fails(IOException cause) {
            if (!over) {
                giveUp();
                running.remove(this);
                attemptFailed(cause);
            }
        }

        void giveUp() {
            over = true;
            if (link != null) {
                link.close(null);
            }
        }

        @Override
        public void closed(@Nullable IOException cause) {
            runner.guard(() -> fails(cause == null ? new EOFException("it was closed") : cause));
        }

        @Override
        public void received(ByteBuffer input) {}

        @Override
        public void inputEnded() {}

        @Override
        public void tick(long nowNanos) {}

        /** The steps have their own timers. */
        @Override
        public long nextDeadline() {
            return Long.MAX_VALUE;
        }
    }

    private static void closeQuietly(@Nullable SocketChannel channel, Exception cause) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private void wins(Link link) {
        Outcome<? super Link> receiver = outcome;
        cancel();
        if (receiver == null) {
            link.close(null);
        } else {
            receiver.succeeded(link);
        }
    }

    private void attemptFailed(IOException cause) {
        failures.add(cause);
        if (addresses.hasNext()) {
            startNext();
        } else if (running.isEmpty()) {
            Outcome<? super Link> receiver = outcome;
            cancel();
            if (receiver != null) {
                receiver.failed(failure());
            }
        }
    }

    private ConnectException failure() {
        IOException first = failures.get(0);
        ConnectException all = new ConnectException("cannot connect to " + host + " (" + tried + "): "
                + (first.getMessage() == null ? first.toString() : first.getMessage()));
        all.initCause(first);
        failures.stream().skip(1).forEach(all::addSuppressed);
        return all;
    }

    @Override
    public void cancel() {
        outcome = null;
        stopTimer();
        List.copyOf(running).forEach(Attempt::giveUp);
        running.clear();
    }

    @Override
    public String awaitedEvent() {
        return "a TCP connection to " + host + " (" + tried + ")";
    }
}
