package dev.tenon.ws.deflate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Measures the cost of the stages: CPU time of this thread per message, and bytes on the wire. It is not a test; run it
 * with the size of the messages, in bytes, as its argument.
 */
final class DeflateCost {
    private static final int MESSAGES = 64;
    private static final int ROUNDS = 9;
    private static final FirstByte TEXT = FirstByte.of(true, Opcode.TEXT);

    private long wireBytes;

    private DeflateCost() {}

    /** Runs all. */
    public static void main(String[] arguments) {
        int size = arguments.length == 0 ? 1024 : Integer.parseInt(arguments[0]);
        DeflateOptions defaults = DeflateOptions.defaults();
        for (int level : new int[] {1, 2, 3, 4, 6}) {
            DeflateOptions options = defaults.withLevel(level);
            DeflateCost cost = new DeflateCost();
            cost.outbound("level " + level + ", no takeover", options.withTakeover(false, false), size, 2);
            for (int context : new int[] {1024, 2048, 4096, 32_768}) {
                cost.outbound("level " + level + ", context " + context, options.withOutboundContext(context), size, 2);
            }
            cost.outbound("level " + level + ", in a row", options, size, 1);
            cost.outbound("level " + level + ", dedicated", options.withMemory(MemoryMode.DEDICATED), size, 1);
        }
        for (int bits : new int[] {9, 11, 13}) {
            DeflateOptions options = defaults.withWindowBits(bits, 15);
            new DeflateCost().outbound("window 2^" + bits + ", pooled", options, size, 2);
            new DeflateCost()
                    .outbound("window 2^" + bits + ", dedicated", options.withMemory(MemoryMode.DEDICATED), size, 1);
        }
        new DeflateCost().noise("deflate, noise of 1 MiB", defaults);
        new DeflateCost().inbound("inflate, no takeover", defaults.withTakeover(false, false), size);
        new DeflateCost().inbound("inflate, window 2^15", defaults.withTakeover(true, true), size);
    }

    /**
     * Sends on several connections in turn, so that none finds a codec in the state in which it left it, unless it is
     * the only one.
     */
    private void outbound(String name, DeflateOptions options, int size, int connections) {
        ByteBuffer[] messages = messages(size);
        try (Endpoint.Pair pair = Endpoint.connect(options.withTakeover(false, true), options)) {
            OutboundHandler[] stages = new OutboundHandler[connections];
            for (int i = 0; i < connections; i++) {
                stages[i] = pair.server()
                        .negotiated
                        .open(new ExtensionContext(Role.SERVER, Endpoint.BUDGET))
                        .outbound((firstByte, payload, end, mode) -> count(payload));
            }
            int[] turn = {0};
            measure(
                    "deflate, " + name,
                    i -> stages[turn[0]++ % connections].onFrame(
                            TEXT, messages[i % MESSAGES].clear(), true, SendMode.DEFAULT));
        }
    }

    /** Sends random bytes, which cannot be compressed. */
    private void noise(String name, DeflateOptions options) {
        int size = 1 << 20;
        ByteBuffer noise = ByteBuffer.allocateDirect(size).put(Payloads.noise(size, new Random(7)));
        try (Endpoint.Pair pair = Endpoint.connect(options, options)) {
            OutboundHandler stage = pair.server()
                    .negotiated
                    .open(new ExtensionContext(Role.SERVER, Endpoint.BUDGET))
                    .outbound((firstByte, payload, end, mode) -> count(payload));
            measure(name, i -> stage.onFrame(TEXT, noise.clear(), true, SendMode.DEFAULT));
        }
    }

    private void inbound(String name, DeflateOptions options, int size) {
        ByteBuffer[] compressed = new ByteBuffer[MESSAGES];
        try (Endpoint.Pair pair = Endpoint.connect(options, options.withLevel(6))) {
            ByteBuffer[] messages = messages(size);
            for (int i = 0; i < MESSAGES; i++) {
                int at = i;
                OutboundHandler keep = pair.server().extension.outbound((firstByte, payload, end, mode) -> {
                    compressed[at] = ByteBuffer.allocateDirect(payload.remaining());
                    compressed[at].put(payload);
                });
                pair.server().extension.forgetOutbound();
                keep.onFrame(TEXT, messages[i].flip(), true, SendMode.DEFAULT);
            }
            wireBytes = 0;
            FrameHandler receiver = pair.client().extension.inbound((firstByte, payload, end) -> count(payload));
            FirstByte firstByte = TEXT.withRsv(FirstByte.RSV1);
            measure(name, i -> receiver.onFrame(firstByte, compressed[i % MESSAGES].rewind(), true));
        }
    }

    private void count(ByteBuffer payload) {
        wireBytes += payload.remaining();
    }

    private interface Step {
        void run(int i);
    }

    private void measure(String name, Step step) {
        for (int i = 0; i < 10_000; i++) {
            step.run(i * 7 + i / MESSAGES);
        }
        wireBytes = 0;
        int n = 2000;
        double[] micros = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = cpuNanos();
            for (int i = 0; i < n; i++) {
                step.run(i * 7 + i / MESSAGES);
            }
            micros[round] = (cpuNanos() - start) / 1000.0 / n;
        }
        Arrays.sort(micros);
        System.out.printf(
                Locale.ROOT,
                "%-40s %8.2f us (best %7.2f) %8d bytes%n",
                name,
                micros[ROUNDS / 2],
                micros[0],
                wireBytes / n / ROUNDS);
    }

    /** Uses reflection, because the module under test does not read jdk.management. */
    private static long cpuNanos() {
        try {
            Object bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            return (Long) Class.forName("java.lang.management.ThreadMXBean")
                    .getMethod("getCurrentThreadCpuTime")
                    .invoke(bean);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no clock of CPU time", e);
        }
    }

    /** Returns records like those that services exchange. */
    private static ByteBuffer[] messages(int size) {
        Random random = new Random(7);
        List<String> users = List.of("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi");
        List<String> tags = List.of("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta");
        ByteBuffer[] messages = new ByteBuffer[MESSAGES];
        for (int i = 0; i < MESSAGES; i++) {
            StringBuilder json = new StringBuilder("[");
            while (json.length() < size) {
                json.append("{\"id\":").append(random.nextInt(1_000_000));
                json.append(",\"user\":\"").append(users.get(random.nextInt(8)));
                json.append("\",\"price\":").append(random.nextInt(400_000) / 100.0);
                json.append(",\"tags\":[\"").append(tags.get(random.nextInt(7)));
                json.append("\",\"").append(tags.get(random.nextInt(7)));
                json.append("\"],\"ok\":").append(random.nextBoolean()).append("},");
            }
            byte[] bytes = json.substring(0, size).getBytes(US_ASCII);
            messages[i] = ByteBuffer.allocateDirect(size).put(bytes);
        }
        return messages;
    }
}
