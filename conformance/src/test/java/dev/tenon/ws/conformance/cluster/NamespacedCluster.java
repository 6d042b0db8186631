package dev.tenon.ws.conformance.cluster;

import static dev.tenon.ws.conformance.cluster.ClusterProcesses.await;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.ws.topics.nats.OutagePolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two nodes of the chat and nats-server, each in a network namespace of its own. Clients reach the nodes by links that
 * stay; the link between a node and nats-server can be cut. The addresses are of 198.18.0.0/15, which is set apart for
 * tests of networks.
 *
 * <pre>{@code
 *   clients --- 198.18.1.0/30 --- node one --- 198.19.1.0/30 ---.
 *          `--- 198.18.2.0/30 --- node two --- 198.19.2.0/30 --- nats-server
 * }</pre>
 */
final class NamespacedCluster implements AutoCloseable {
    private static final int NODES = 2;
    private static final int NATS_PORT = 4222;
    private static final int PORT = 8080;
    private static final String HISTORY = "1000";

    private final Path folder;
    private final String prefix = "tn" + ProcessHandle.current().pid();
    private final List<Process> processes = new ArrayList<>();
    /** The commands that undo the set-up, the last one first. */
    private final Deque<List<String>> undo = new ArrayDeque<>();

    NamespacedCluster(Path folder, OutagePolicy policy) throws Exception {
        Path root = Path.of(System.getProperty("tenon.root"));
        this.folder = folder;
        assumeTrue(
                Files.isDirectory(root.resolve("examples/target/modules")),
                "NOT TESTED with a partition: examples is not packaged (mvn verify does that)");
        try {
            String nats = addNamespace("n");
            for (int i = 1; i <= NODES; i++) {
                String node = addNamespace("" + i);
                link("", node, "c" + i, "198.18." + i);
                link(node, nats, "s" + i, "198.19." + i);
            }
            assumeTrue(
                    succeeds(List.of("nats-server", "--version")),
                    "NOT TESTED with a partition: nats-server is not installed (.ci/run installs it)");
            start("nats", in(nats, "nats-server", "-p", "" + NATS_PORT, "-js", "-sd", "" + folder.resolve("nats")));
            for (int i = 1; i <= NODES; i++) {
                startNode(i, root, policy);
            }
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    private String addNamespace(String suffix) throws Exception {
        String name = prefix + suffix;
        assumeTrue(
                succeeds(List.of("ip", "netns", "add", name)),
                "NOT TESTED with a partition: 'ip netns add' needs iproute2, and root");
        undo.push(List.of("ip", "netns", "del", name));
        run(in(name, "ip", "link", "set", "lo", "up"));
        return name;
    }

    /** Connects two network namespaces; an empty name stands for the namespace of this process. */
    private void link(String near, String far, String suffix, String network) throws Exception {
        String name = prefix + suffix;
        assumeTrue(
                succeeds(List.of(
                        "ip", "link", "add", name + "a", "type", "veth", "peer", "name", name + "b", "netns", far)),
                "NOT TESTED with a partition: 'ip link add type veth' is not allowed");
        if (near.isEmpty()) {
            undo.push(List.of("ip", "link", "del", name + "a"));
        } else {
            run(List.of("ip", "link", "set", name + "a", "netns", near));
        }
        bringUp(near, name + "a", network + ".1/30");
        bringUp(far, name + "b", network + ".2/30");
    }

    private static void bringUp(String namespace, String device, String address) throws Exception {
        run(in(namespace, "ip", "address", "add", address, "dev", device));
        run(in(namespace, "ip", "link", "set", device, "up"));
    }

    private void startNode(int index, Path root, OutagePolicy policy) throws Exception {
        String nats = "198.19." + index + ".2";
        String host = "198.18." + index + ".2";
        start(
                "node-" + index,
                in(
                        prefix + index,
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-p",
                        root.resolve("examples/target/modules").toString(),
                        "-m",
                        "dev.tenon.ws.examples/dev.tenon.ws.examples.cluster.ChatNode",
                        host + ":" + PORT,
                        "nats://" + nats + ":" + NATS_PORT,
                        root.resolve("examples/cluster").toString(),
                        HISTORY,
                        policy.name()));
        Process node = processes.get(processes.size() - 1);
        await("node " + index + " does not listen, see its log", () -> {
            if (!node.isAlive()) {
                fail("node " + index + " has ended: " + Files.readString(folder.resolve("node-" + index + ".log")));
            }
            return accepts(host);
        });
    }

    private static boolean accepts(String host) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, PORT), 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The addresses that the clients of one node connect to. */
    static List<String> server(int index) {
        return List.of("ws://198.18." + index + ".2:" + PORT);
    }

    /** Cuts the link between a node and nats-server: packets are lost, and neither side is notified. */
    void cut(int index) throws Exception {
        run(in(prefix + "n", "ip", "link", "set", prefix + "s" + index + "b", "down"));
    }

    void heal(int index) throws Exception {
        run(in(prefix + "n", "ip", "link", "set", prefix + "s" + index + "b", "up"));
    }

    private static List<String> in(String namespace, String... command) {
        List<String> whole =
                new ArrayList<>(namespace.isEmpty() ? List.of() : List.of("ip", "netns", "exec", namespace));
        whole.addAll(List.of(command));
        return whole;
    }

    private void start(String name, List<String> command) throws IOException {
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start());
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private static void run(List<String> command) throws Exception {
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            fail(command + " has failed");
        }
    }

    @Override
    public void close() {
        try {
            for (Process process : processes) {
                process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
            }
            for (List<String> command : undo) {
                succeeds(command);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
