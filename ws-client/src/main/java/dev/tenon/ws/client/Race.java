package dev.tenon.ws.client;

import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Links;
import dev.tenon.ws.transport.Protocol;
import dev.tenon.ws.transport.Timer;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one of several addresses: the next one starts when the one before has failed, or has not connected for some
 * time; the first that connects wins, and the others are closed (RFC 8305 §5).
 */
final class Race implements Step {
    /** What the winner brings home. */
    record Connected(Link link, Turns<InetSocketAddress>.@Nullable Turn turn) {}

    private final Settings settings;
    private final EventLoop loop;
    private final @Nullable Turns<InetSocketAddress> turns;
    private final String host;
    private final Iterator<InetSocketAddress> addresses;
    private final Runnable begun;
    private final Consumer<Connected> won;
    private final Consumer<IOException> failed;

    private final List<Runner> running = new ArrayList<>();
    private final List<IOException> failures = new ArrayList<>();
    private final StringBuilder tried = new StringBuilder();
    private @Nullable Timer stagger;
    private boolean over;

    /**
     * A race.
     *
     * @param turns one at a time for each address, or null if turns are taken elsewhere
     * @param host what the addresses belong to, for messages
     * @param addresses in the order in which they are tried, not empty
     * @param begun called before each attempt: where turns are taken, the waiting is over
     */
    Race(
            Settings settings,
            EventLoop loop,
            @Nullable Turns<InetSocketAddress> turns,
            String host,
            List<InetSocketAddress> addresses,
            Runnable begun,
            Consumer<Connected> won,
            Consumer<IOException> failed) {
        this.settings = settings;
        this.loop = loop;
        this.turns = turns;
        this.host = host;
        this.addresses = addresses.iterator();
        this.begun = begun;
        this.won = won;
        this.failed = failed;
    }

    void start() {
        startNext();
    }

    private void startNext() {
        if (over || !addresses.hasNext()) {
            return;
        }
        if (stagger != null) {
            stagger.cancel();
            stagger = null;
        }
        Runner runner = new Runner(addresses.next());
        running.add(runner);
        if (addresses.hasNext()) {
            stagger = loop.schedule(settings.staggerNanos(), this::startNext);
        }
        runner.start();
    }

    /** The attempt at one address. */
    private final class Runner implements Protocol {
        private final InetSocketAddress remote;
        private Turns<InetSocketAddress>.@Nullable Turn turn;
        private @Nullable Link link;
        private boolean lost;

        Runner(InetSocketAddress remote) {
            this.remote = remote;
        }

        void start() {
            if (turns == null) {
                connect();
            } else {
                turn = turns.take(remote, loop, this::connect);
            }
        }

        private void connect() {
            if (lost) {
                return;
            }
            begun.run();
            tried.append(tried.length() == 0 ? "" : ", ")
                    .append(remote.getAddress().getHostAddress());
            SocketChannel channel = null;
            try {
                channel = loop.provider().openSocketChannel();
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                Links.connect(loop, channel, remote, null, null, connecting -> {
                    link = connecting;
                    settings.ledger().opened(connecting);
                    return this;
                });
            } catch (IOException | RuntimeException e) {
                IOException cause = e instanceof IOException io ? io : new ConnectException(e.toString());
                closeQuietly(channel, cause);
                loses(cause);
            }
        }

        @Override
        public void opened() {
            Link connected = link;
            if (!lost && connected != null) {
                lost = true;
                running.remove(this);
                stop();
                won.accept(new Connected(connected, turn));
            }
        }

        private void loses(IOException cause) {
            if (!lost) {
                giveUp();
                running.remove(this);
                lostBy(cause);
            }
        }

        void giveUp() {
            lost = true;
            if (link != null) {
                link.close(null);
            }
            if (turn != null) {
                turn.end();
            }
        }

        @Override
        public void closed(@Nullable IOException cause) {
            loses(cause == null ? new EOFException("it was closed") : cause);
        }

        @Override
        public void received(ByteBuffer input) {}

        @Override
        public void inputEnded() {}

        @Override
        public void tick(long nowNanos) {}
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

    private void lostBy(IOException cause) {
        failures.add(cause);
        if (addresses.hasNext()) {
            startNext();
        } else if (running.isEmpty()) {
            stop();
            IOException first = failures.get(0);
            ConnectException all = new ConnectException("cannot connect to " + host + " (" + tried + "): "
                    + (first.getMessage() == null ? first.toString() : first.getMessage()));
            all.initCause(first);
            failures.stream().skip(1).forEach(all::addSuppressed);
            failed.accept(all);
        }
    }

    private void stop() {
        over = true;
        if (stagger != null) {
            stagger.cancel();
        }
        running.forEach(Runner::giveUp);
        running.clear();
    }

    @Override
    public void cancel() {
        stop();
    }

    @Override
    public String waitsFor() {
        return "a TCP connection to " + host + " (" + tried + ")";
    }
}
