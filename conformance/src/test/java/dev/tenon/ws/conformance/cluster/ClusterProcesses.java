package dev.tenon.ws.conformance.cluster;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Starts {@code examples/cluster/run} with its processes: two nodes, HAProxy and nats-server. */
final class ClusterProcesses implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 120;
    private static final List<String> NODES = List.of("one", "two");

    private final Path folder;
    private final int port;
    private final Process script;

    ClusterProcesses(Path folder, int history) throws Exception {
        Path root = Path.of(System.getProperty("tenon.root"));
        for (String program : List.of("haproxy", "nats-server")) {
            assumeTrue(
                    isInstalled(program),
                    "NOT TESTED with a cluster: " + program + " is not installed (.ci/run installs it)");
        }
        assumeTrue(
                Files.isDirectory(root.resolve("examples/target/modules")),
                "NOT TESTED with a cluster: examples is not packaged (mvn verify does that)");
        this.folder = folder;
        port = freePorts(4);
        ProcessBuilder builder = new ProcessBuilder(
                        root.resolve("examples/cluster/run").toString(), "" + port, folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("run.log").toFile());
        builder.environment().put("HISTORY", "" + history);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m");
        script = builder.start();
        try {
            for (String node : NODES) {
                awaitNode(node);
            }
            await("HAProxy does not listen", () -> accepts(port));
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    private static boolean isInstalled(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** Returns the first of several consecutive ports that are free now. */
    private static int freePorts(int count) {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            boolean free = true;
            for (int i = 0; i < count; i++) {
                try (ServerSocket socket = new ServerSocket(first + i, 1, InetAddress.getLoopbackAddress())) {
                    free &= socket.isBound();
                } catch (IOException taken) {
                    free = false;
                }
            }
            if (free) {
                return first;
            }
        }
        return fail("there are no free ports");
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Waits until a condition is true. */
    static void await(String failure, Callable<Boolean> condition) throws Exception {
        await(() -> failure, condition);
    }

    /** Waits until a condition is true; on a timeout the failure describes the state. */
    static void await(Supplier<String> failure, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                fail(failure.get());
            }
            Thread.sleep(5);
        }
    }

    /** The addresses that clients connect to, those of HAProxy. */
    List<String> servers() {
        return List.of("ws://127.0.0.1:" + port);
    }

    URI members(String room) {
        return URI.create("http://127.0.0.1:" + port + "/rooms/" + room + "/members");
    }

    /** Waits until a node accepts connections. */
    void awaitNode(String node) throws Exception {
        await("node " + node + " does not listen", () -> accepts(port + 1 + NODES.indexOf(node)));
    }

    /** Sends a signal to a process of the cluster. */
    void signal(String name, String signal) throws Exception {
        kill(pid(name), signal);
    }

    /** Kills a process, and returns when another one has taken its place. */
    void killAndReplace(String name) throws Exception {
        String before = pid(name);
        kill(before, "KILL");
        await(name + " is not started again", () -> !pid(name).equals(before));
    }

    private static void kill(String pid, String signal) throws Exception {
        int status = new ProcessBuilder("kill", "-" + signal, pid)
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            fail("kill -" + signal + " " + pid + " has failed");
        }
    }

    private String pid(String name) throws Exception {
        Path file = folder.resolve(name + ".pid");
        await("there is no " + file, () -> Files.exists(file));
        return Files.readString(file).trim();
    }

    @Override
    public void close() {
        script.destroy();
        try {
            if (!script.waitFor(30, TimeUnit.SECONDS)) {
                script.destroyForcibly();
                fail("the script does not end");
            }
        } catch (InterruptedException interrupted) {
            script.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
