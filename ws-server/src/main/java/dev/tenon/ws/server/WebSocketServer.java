package dev.tenon.ws.server;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.transport.Acceptor;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.EventLoops;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket server that also answers plain HTTP on the same port.
 *
 * <pre>{@code
 * try (WebSocketServer server = WebSocketServer.builder()
 *         .listen(new InetSocketAddress("127.0.0.1", 8080))
 *         .route("/rooms/{room}", upgrade -> upgrade.accept(new Member(upgrade.pathParameter("room"))))
 *         .liveness("/health")
 *         .start()) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe. Endpoints, handlers and listeners are called on the server's event loops, where they must not block,
 * or on an {@linkplain RouteSettings#executor executor}, where they may.
 */
public final class WebSocketServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");

    private final EventLoops loops;
    private final Router router;
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final AtomicReference<@Nullable CountDownLatch> newestStop = new AtomicReference<>();
    private volatile boolean stopped;
    private final FileThreads fileThreads = new FileThreads();
    private final List<Acceptor> acceptors = new ArrayList<>();

    WebSocketServer(WebSocketServerBuilder builder) throws IOException {
        ServerConfig config = builder.configuration(fileThreads, new ServerState(ready::get, this::isHealthy));
        router = config.router();
        Function<SocketAddress, WireTap> taps = builder.tap;
        loops = EventLoops.start(
                builder.loops,
                Objects.requireNonNullElseGet(builder.threads, () -> EventLoops.threads("tenon-server", false)),
                Objects.requireNonNullElseGet(builder.provider, EventLoops::defaultSockets));
        try {
            for (Binding binding : builder.bindings()) {
                acceptors.addAll(Acceptor.open(
                        loops,
                        binding.address(),
                        binding.sockets(),
                        (loop, channel) -> binding.accepted(config, taps, loop, channel)));
            }
        } catch (IOException | RuntimeException e) {
            Acceptor.closeAll(acceptors);
            loops.stop(Duration.ZERO);
            throw e;
        }
        LOG.log(Level.DEBUG, "listening at {0}", addresses());
    }

    /**
     * Begins to build a server.
     *
     * @return a builder without routes
     */
    public static WebSocketServerBuilder builder() {
        return new WebSocketServerBuilder();
    }

    /**
     * Returns the addresses that the server listens on.
     *
     * @return the addresses in the order in which they were given, with actual ports
     */
    public List<SocketAddress> addresses() {
        return acceptors.stream().map(Acceptor::address).distinct().toList();
    }

    /**
     * Returns the port of the first internet address.
     *
     * @return the actual port
     * @throws IllegalStateException if the server listens on Unix domain sockets only
     */
    public int port() {
        return addresses().stream()
                .filter(InetSocketAddress.class::isInstance)
                .map(address -> ((InetSocketAddress) address).getPort())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the server has no port; it listens on " + addresses()));
    }

    /**
     * Returns the number of connections, those that still speak HTTP included.
     *
     * @return the number at this moment
     */
    public int connections() {
        return loops.links();
    }

    /**
     * Whether all event loops work, for the health check of an orchestrator; a {@linkplain RouteBuilder#liveness liveness
     * route} reports it over HTTP. A loop that fails closes its connections and logs an error; the other loops take all new
     * connections. A loop that is blocked by a callback has not failed.
     *
     * @return false if an event loop has failed; only a restart of the server repairs that
     */
    public boolean isHealthy() {
        return loops.areHealthy();
    }

    /**
     * Reports the counters of the server. The cost depends on the number of event loops, not of connections.
     *
     * @return the counters of a moment ago; after {@link #stop} their last values
     */
    public ServerCounters counters() {
        long[] sum = new long[ServerCounters.COUNT];
        loops.all().forEach(loop -> loop.counters().addTo(sum));
        return ServerCounters.of(sum);
    }

    /**
     * Reports the counters of the server and of each route, and the open connections. Costs one look at each connection.
     *
     * @return a snapshot
     */
    public ServerMetrics metrics() {
        MetricsReader reader = new MetricsReader(router.meters());
        loops.openLinks().forEach(link -> reader.add(link.protocol(), link.backlog()));
        return reader.read(counters());
    }

    /**
     * Whether this server wants new connections, for the check of a load balancer; a {@linkplain RouteBuilder#readiness
     * readiness route} reports it over HTTP.
     *
     * @return true from the start until {@link #stopAccepting} or {@code stop} is called
     */
    public boolean isReady() {
        return ready.get();
    }

    /**
     * Stops listening, and goes on to serve the open connections, so that the application decides when {@code stop}
     * closes them. The addresses are free when this returns. If it is called on an event loop, or if an event loop is
     * busy for more than a quarter of a second, they are free a little later. Further calls do nothing.
     */
    public void stopAccepting() {
        ready.set(false);
        Acceptor.closeAll(acceptors);
    }

    /**
     * Stops the server: it accepts no new connection, closes every WebSocket with 1001, and aborts the connections that
     * have not ended by the deadline.
     *
     * @param deadline how long this may take, at least a quarter of a second; clients have a little less
     * @throws IllegalStateException if called on one of the server's event loops, which would wait for its own end
     * @see #stop(ShutdownOptions)
     */
    public void stop(Duration deadline) {
        stop(ShutdownOptions.within(deadline.isNegative() ? Duration.ZERO : deadline));
    }

    /**
     * Stops the server. When this method returns, no thread and no descriptor of the server is left, unless a listener,
     * an endpoint or a handler still blocks an event loop at the deadline: that loop ends when the blocking call
     * returns. A further call from another thread ends a notice or a spread early; once the server has stopped, it does
     * nothing.
     *
     * @param options deadline, notice, spread and Close frame
     * @throws IllegalStateException if called on one of the server's event loops, which would wait for its own end
     */
    public void stop(ShutdownOptions options) {
        if (loops.all().stream().anyMatch(EventLoop::inLoop)) {
            throw new IllegalStateException("an event loop cannot wait for its own end: stop from another thread");
        }
        if (stopped) {
            return;
        }
        ready.set(false);
        CountDownLatch endPauses = new CountDownLatch(1);
        CountDownLatch before = newestStop.getAndSet(endPauses);
        if (before != null) {
            before.countDown();
        }
        boolean ended = new Shutdown(loops, this::stopAccepting, options, endPauses).await();
        fileThreads.stop();
        if (ended) {
            stopped = true;
            LOG.log(Level.DEBUG, "stopped listening at {0}; all connections have ended", addresses());
        } else {
            LOG.log(
                    Level.WARNING,
                    "the server has stopped, but a call of the application still blocks an event loop; a thread dump"
                            + " shows the call");
        }
    }

    /** Stops with a deadline of five seconds, see {@link #stop(Duration)}. */
    @Override
    public void close() {
        stop(Duration.ofSeconds(5));
    }
}
