package dev.tenon.ws.benchmarks.deflate;

import java.nio.ByteBuffer;
import org.openjdk.jmh.infra.Blackhole;

/** One way to compress and decompress. Each call handles the same {@link Messages#COUNT} messages. */
interface Compression extends AutoCloseable {
    int LEVEL = Options.defaults().level();

    void compress(Blackhole hole);

    void decompress(Blackhole hole);

    /** The first message after compression and decompression, for the check before a run. */
    ByteBuffer first();

    /** How many bytes one message takes compressed, on average. */
    double compressedSize();

    @Override
    void close();

    static Compression of(String name, ByteBuffer[] messages) {
        Options options = Options.defaults().with("withTakeover", true, true);
        return switch (name) {
            case "pooled-2k" -> new TenonCompression(options, 2, messages);
            case "pooled-2k-row" -> new TenonCompression(options, 1, messages);
            case "pooled-32k" -> new TenonCompression(options.with("withOutboundContext", 1 << 15), 2, messages);
            case "no-takeover" -> new TenonCompression(options.with("withTakeover", false, false), 2, messages);
            case "dedicated" -> new TenonCompression(options.dedicated(), 1, messages);
            case "zlib" -> new ZlibCompression(true, messages);
            case "zlib-reset" -> new ZlibCompression(false, messages);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
