package dev.tenon.ws.benchmarks.sharing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the one thread that accepts does for each connection, while all others wait in the backlog. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 20)
@Fork(1)
public class AcceptBenchmark {
    private static final int CONNECTIONS = 1000;

    private final List<SocketChannel> clients = new ArrayList<>();
    private final List<SocketChannel> accepted = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private ServerSocketChannel listener;

    /**
     * Fills the backlog.
     *
     * @throws IOException if the system does not allow it
     */
    @Setup(Level.Invocation)
    public void connect() throws IOException {
        listener = ServerSocketChannel.open();
        listener.configureBlocking(false);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CONNECTIONS);
        for (int i = 0; i < CONNECTIONS; i++) {
            clients.add(SocketChannel.open(listener.getLocalAddress()));
        }
    }

    /**
     * Accepts all connections.
     *
     * @throws IOException if that fails
     */
    @Benchmark
    @OperationsPerInvocation(CONNECTIONS)
    public void accept() throws IOException {
        for (SocketChannel next; (next = listener.accept()) != null; ) {
            accepted.add(next);
        }
    }

    /**
     * Accepts all connections and prepares them for a loop.
     *
     * @throws IOException if that fails
     */
    @Benchmark
    @OperationsPerInvocation(CONNECTIONS)
    public void acceptAndPrepare() throws IOException {
        for (SocketChannel next; (next = listener.accept()) != null; ) {
            next.configureBlocking(false);
            next.setOption(StandardSocketOptions.TCP_NODELAY, true);
            accepted.add(next);
        }
    }

    /**
     * Closes everything.
     *
     * @throws IOException if that fails
     */
    @TearDown(Level.Invocation)
    public void close() throws IOException {
        if (accepted.size() != CONNECTIONS) {
            throw new IllegalStateException("only " + accepted.size() + " were accepted");
        }
        for (SocketChannel each : clients) {
            each.setOption(StandardSocketOptions.SO_LINGER, 0);
            each.close();
        }
        for (SocketChannel each : accepted) {
            each.close();
        }
        clients.clear();
        accepted.clear();
        listener.close();
    }
}
