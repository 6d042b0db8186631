package dev.tenon.ws.server;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.transport.Acceptor;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.EventLoops;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 *         .get("/health", request -> HttpResponse.text(200, "ok\n"))
 *         .start()) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe. Endpoints, handlers and listeners are called on the server's event loops, which they must not block,
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
        ServerConfig config = builder.configuration(fileThreads, ready);
        router = config.router();
        Function<SocketAddress, WireTap> taps = builder.tap;
        loops = builder.threads == null
                ? EventLoops.start(builder.loops, "tenon-server", false)
                : EventLoops.start(builder.loops, builder.threads, SelectorProvider.provider());
        try {
            for (Binding binding : builder.bindings()) {
                acceptors.addAll(Acceptor.open(
                        loops,
                        binding.address(),
                        builder.sockets,
                        (loop, channel) -> binding.accepted(config, taps, loop, channel)));
            }
        } catch (IOException | RuntimeException e) {
            acceptors.forEach(Acceptor::close);
            loops.stop(Duration.ZERO);
            throw e;
        }
        LOG.log(Level.DEBUG, "listening at {0}", addresses());
    }

    /**
     * Begins to describe a server.
     *
     * @return a builder
     */
    public static WebSocketServerBuilder builder() {
        return new WebSocketServerBuilder();
    }

    /**
     * Where the server listens.
     *
     * @return the addresses in the order in which they were given, with actual ports
     */
    public List<SocketAddress> addresses() {
        return acceptors.stream().map(Acceptor::address).distinct().toList();
    }

    /**
     * The port of the first internet address.
     *
     * @return the actual port
     * @throws IllegalStateException if the server listens on Unix domain sockets only
     */
    public int port() {
        return addresses().stream()
                .filter(InetSocketAddress.class::isInstance)
                .map(address -> ((InetSocketAddress) address).getPort())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the server listens on no port, but on " + addresses()));
    }

    /**
     * How many connections there are, those that still speak HTTP included.
     *
     * @return the number at this moment
     */
    public int connections() {
        return loops.links();
    }

    /**
     * Whether all event loops work, for the health check of an orchestrator. A loop that has failed has closed its
     * connections and has said so in the log at ERROR; the others go on and take all new connections. A loop that a
     * callback blocks has not failed.
     *
     * @return false if an event loop has failed, which only a restart of the server repairs
     */
    public boolean isHealthy() {
        return loops.areHealthy();
    }

    /**
     * What the server has counted so far. Costs one look at each event loop, whatever the number of connections.
     *
     * @return the counters of a moment ago; after {@link #stop} those of the end
     */
    public ServerCounters counters() {
        long[] sum = new long[ServerCounters.COUNT];
        loops.all().forEach(loop -> loop.counters().addTo(sum));
        return ServerCounters.of(sum);
    }

    /**
     * What the server and each route have counted, and what is open and waits. Costs one look at each connection.
     *
     * @return a snapshot
     */
    public ServerMetrics metrics() {
        MetricsReader reader = new MetricsReader(router.meters());
        loops.openLinks().forEach(link -> reader.add(link.protocol(), link.backlog()));
        return reader.read(counters());
    }

    /**
     * Whether this server wants new connections, for the check of a load balancer; {@link
     * WebSocketServerBuilder#readiness} answers it over HTTP.
     *
     * @return true from the start until {@link #stopAccepting} or {@code stop} is called
     */
    public boolean isReady() {
        return ready.get();
    }

    /**
     * Stops listening, and goes on to serve the connections that there are, for an orchestrator that still sends requests
     * for a while after it has announced the end. {@code stop} comes next. Further calls do nothing.
     */
    public void stopAccepting() {
        ready.set(false);
        acceptors.forEach(Acceptor::close);
    }

    /**
     * Stops at once: no new connection is accepted, every WebSocket is closed with 1001, and what has not ended by the
     * deadline is aborted.
     *
     * @param deadline how long this may take, a quarter of a second at least; a little less is left to the clients
     * @throws IllegalStateException if called on one of the server's own event loops, which would wait for itself
     * @see #stop(ShutdownOptions)
     */
    public void stop(Duration deadline) {
        stop(ShutdownOptions.within(deadline.isNegative() ? Duration.ZERO : deadline));
    }

    /**
     * Stops. When this returns, no thread and no descriptor of the server is left, unless a listener, an endpoint or a
     * handler still blocks an event loop at the deadline: that loop ends when the call returns. A further call from another
     * thread takes over, and may end a notice or a spread early; once the server has stopped, it does nothing.
     *
     * @param options deadline, notice, spread and Close frame
     * @throws IllegalStateException if called on one of the server's own event loops, which would wait for itself
     */
    public void stop(ShutdownOptions options) {
        if (loops.all().stream().anyMatch(EventLoop::inLoop)) {
            throw new IllegalStateException("an event loop cannot wait for its own end: stop from another thread");
        }
        if (stopped) {
            return;
        }
        ready.set(false);
        CountDownLatch hurry = new CountDownLatch(1);
        CountDownLatch before = newestStop.getAndSet(hurry);
        if (before != null) {
            before.countDown();
        }
        boolean ended = new Shutdown(loops, this::stopAccepting, options, hurry).await();
        fileThreads.stop();
        if (ended) {
            stopped = true;
            LOG.log(Level.DEBUG, "stopped listening at {0}, nothing is left", addresses());
        } else {
            LOG.log(
                    Level.WARNING,
                    "a call of the application still blocks an event loop of the server that has stopped");
        }
    }

    /** Stops with a deadline of five seconds, see {@link #stop(Duration)}. */
    @Override
    public void close() {
        stop(Duration.ofSeconds(5));
    }
}
