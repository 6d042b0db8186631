package dev.tenon.ws.client;

import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gets a TCP connection to a hop: its addresses, the turn, and the race between them. */
final class Dialing implements Step {
    /**
     * RFC 6455 §4.1, point 2: no two connections to one address may be connecting in this process. Behind a proxy, the
     * key is the unresolved host and port.
     */
    static final Turns<InetSocketAddress> TURNS = new Turns<>(1);

    private final Settings settings;
    private final EventLoop loop;
    private final Hop hop;
    private final Consumer<Race.Connected> done;
    private final Consumer<IOException> failed;

    private @Nullable Step current;
    private @Nullable Timer deadline;
    private Turns<InetSocketAddress>.@Nullable Turn turn;
    private boolean over;

    Dialing(Settings settings, EventLoop loop, Hop hop, Consumer<Race.Connected> done, Consumer<IOException> failed) {
        this.settings = settings;
        this.loop = loop;
        this.hop = hop;
        this.done = done;
        this.failed = failed;
    }

    void start() {
        InetAddress known = hop.knownAddress();
        if (known != null) {
            located(List.of(known));
            return;
        }
        limit(settings.times().resolve());
        current = Aside.call(
                settings.executor(),
                loop,
                "the address of " + hop.host(),
                () -> settings.resolver().resolve(hop.host()),
                this::located,
                this::fail);
    }

    private void limit(long nanos) {
        stopClock();
        deadline = loop.schedule(nanos, () -> fail(timedOut(waitsFor(), nanos)));
    }

    private void stopClock() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    static SocketTimeoutException timedOut(String what, long nanos) {
        return new SocketTimeoutException("waited " + nanos / 1_000_000 + " ms for " + what);
    }

    private void located(List<InetAddress> addresses) {
        stopClock();
        current = null;
        List<InetSocketAddress> ordered = Addresses.interleaved(addresses).stream()
                .map(address -> new InetSocketAddress(address, hop.port()))
                .toList();
        if (ordered.isEmpty()) {
            fail(new UnknownHostException(hop.host()));
        } else if (hop.isDirect()) {
            race(ordered, TURNS);
        } else {
            InetSocketAddress server = InetSocketAddress.createUnresolved(
                    hop.uri().host(), hop.uri().port());
            turn = TURNS.take(server, loop, () -> race(ordered, null));
        }
    }

    private void race(List<InetSocketAddress> addresses, @Nullable Turns<InetSocketAddress> turns) {
        if (over) {
            return; // cancelled meanwhile
        }
        Race race =
                new Race(settings, loop, turns, hop.toString(), addresses, this::begun, this::connected, this::fail);
        current = race;
        race.start();
    }

    private void begun() {
        if (deadline == null) {
            limit(settings.times().connect());
        }
    }

    private void connected(Race.Connected winner) {
        stopClock();
        current = null;
        over = true;
        done.accept(turn == null ? winner : new Race.Connected(winner.link(), turn));
    }

    private void fail(IOException cause) {
        if (!over) {
            cancel();
            failed.accept(cause);
        }
    }

    @Override
    public void cancel() {
        over = true;
        stopClock();
        if (current != null) {
            current.cancel();
            current = null;
        }
        if (turn != null) {
            turn.end();
        }
    }

    @Override
    public String waitsFor() {
        return current == null ? "its turn to connect to " + hop : current.waitsFor();
    }
}
