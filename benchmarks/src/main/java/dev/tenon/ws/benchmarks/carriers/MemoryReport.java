package dev.tenon.ws.benchmarks.carriers;

import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.Locale;

/**
 * Measures the memory of an idle WebSocket of ws-netty after one echoed message, over HTTP/1.1 and over HTTP/2, and of
 * a stream of Netty's HTTP/2 with one handler.
 */
final class MemoryReport {
    private static final int STREAMS = 100;
    private static final int SIZE = 125;
    private static final List<String> FLAGS =
            List.of("-Xms32m", "-Xmx2g", "-XX:+UseSerialGC", "-Dio.netty.leakDetection.level=disabled");

    private final Options options;
    private final EventLoopGroup loops;

    MemoryReport(Options options, EventLoopGroup loops) {
        this.options = options;
        this.loops = loops;
    }

    void print() throws Exception {
        int count = options.memory();
        System.out.println("| idle, " + count + " WebSockets" + (options.tls() ? ", TLS" : "")
                + " | heap, B each | direct memory, B each |");
        System.out.println("|---|---:|---:|");
        measure("tenon", "HTTP/1.1, a connection each", count, 0);
        measure("tenon", "HTTP/2, " + STREAMS + " in a connection", count / STREAMS, STREAMS);
        measure("tenon", "HTTP/2, a connection each", count, 1);
        measure("bare", "Netty's HTTP/2, a connection with one stream and one handler each", count, 1);
    }

    private void measure(String name, String words, int connections, int streams) throws Exception {
        boolean http2 = streams > 0;
        try (ServerUnderLoad server = new ServerUnderLoad(name, http2, options.pem(), options.prefix(), FLAGS)) {
            new Load(loops, server.port, CarrierReport.client(options, http2), 1, streams, SIZE, 1)
                    .close(); // loads the classes
            long[] before = server.memory();
            try (Load load =
                    new Load(loops, server.port, CarrierReport.client(options, http2), connections, streams, SIZE, 1)) {
                load.sendOne();
                long[] after = server.memory();
                int sockets = connections * Math.max(1, streams);
                System.out.println(String.format(
                        Locale.ROOT,
                        "| %s | %,d | %,d |",
                        words,
                        (after[0] - before[0]) / sockets,
                        (after[1] - before[1]) / sockets));
            }
        }
    }
}
