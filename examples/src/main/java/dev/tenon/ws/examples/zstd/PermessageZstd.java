package dev.tenon.ws.examples.zstd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictDecompress;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import dev.tenon.ws.extension.MessageCodec;
import dev.tenon.ws.extension.MessageExtensionProvider;
import dev.tenon.ws.frame.FirstByte;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/**
 * Negotiates {@code x-permessage-zstd}. Thread-safe; it holds a digested dictionary in native memory, which {@link #close()}
 * frees when its last connection has ended.
 *
 * <pre>
 *   x-permessage-zstd; dictionary=1a2b3c4d; context_takeover     a message may refer to earlier ones, both ways
 *   x-permessage-zstd; dictionary=1a2b3c4d                       each message is independent
 * </pre>
 *
 * <p>It marks messages with RSV1, as permessage-deflate does: so no connection has both.
 */
public final class PermessageZstd extends MessageExtensionProvider implements AutoCloseable {
    private static final String NAME = "x-permessage-zstd";
    private static final int LEVEL = 3;

    /** The common content of messages of an example price feed; a real dictionary would be trained on samples. */
    private static final String SAMPLE = "{\"type\":\"subscribe\",\"channels\":[\"ticker\",\"trades\"]}"
            + "{\"type\":\"error\",\"code\":404,\"message\":\"no such product\"}"
            + "{\"type\":\"trade\",\"product\":\"ETH-USD\",\"side\":\"sell\",\"size\":0.25,\"price\":1853.20,\"id\":1002}"
            + "{\"type\":\"ticker\",\"product\":\"BTC-EUR\",\"bid\":27431.10,\"ask\":27431.90,\"time\":\"2026-01-01T00:00:00Z\"}";

    private final ZstdDictCompress compressDictionary;
    private final ZstdDictDecompress decompressDictionary;
    private final AtomicInteger contexts = new AtomicInteger();

    /** The extension as a service: with the dictionary of a sample, and context takeover if the peer supports it. */
    public PermessageZstd() {
        this(SAMPLE.getBytes(UTF_8), true);
    }

    /**
     * The extension with a dictionary.
     *
     * @param dictionary what messages have in common, the same at both ends, at least 8 bytes; trained by zstd or just text.
     *     Copied
     * @param takeover whether a message may refer to earlier ones, which costs native memory for each connection
     */
    public PermessageZstd(byte[] dictionary, boolean takeover) {
        super(FirstByte.RSV1, offers(checksum(dictionary), takeover));
        compressDictionary = new ZstdDictCompress(dictionary, LEVEL);
        decompressDictionary = new ZstdDictDecompress(dictionary);
    }

    private static String checksum(byte[] dictionary) {
        CRC32C crc = new CRC32C();
        crc.update(dictionary);
        return "%08x".formatted(crc.getValue());
    }

    /** The preferred offer comes first, and then the one that every end supports. */
    private static ExtensionOffer[] offers(String checksum, boolean takeover) {
        Parameter dictionary = new Parameter("dictionary", checksum);
        ExtensionOffer alone = ExtensionOffer.of(NAME, dictionary);
        return takeover
                ? new ExtensionOffer[] {ExtensionOffer.of(NAME, dictionary, Parameter.flag("context_takeover")), alone}
                : new ExtensionOffer[] {alone};
    }

    @Override
    protected MessageCodec open(ExtensionOffer agreed, ExtensionContext context) {
        boolean takeover = agreed.parameters().size() == 2;
        return new ZstdCodec(this, takeover, context.thread());
    }

    ZstdCompressCtx compressor() {
        ZstdCompressCtx compressor = new ZstdCompressCtx();
        contexts.incrementAndGet();
        return compressor;
    }

    ZstdDecompressCtx decompressor() {
        ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
        contexts.incrementAndGet();
        return decompressor;
    }

    /** Begins a frame; resets the compressor. */
    void restart(ZstdCompressCtx compressor) {
        compressor.reset();
        compressor
                .setLevel(LEVEL)
                .setWindowLog(ZstdFrameHeader.WINDOW_LOG)
                .setContentSize(false) // unknown: a frame contains its window size instead, which the peer checks
                .loadDict(compressDictionary);
    }

    /** Expects a frame; resets the decompressor. */
    void restart(ZstdDecompressCtx decompressor) {
        decompressor.reset();
        decompressor.loadDict(decompressDictionary);
    }

    void close(ZstdCompressCtx compressor) {
        compressor.close();
        contexts.decrementAndGet();
    }

    void close(ZstdDecompressCtx decompressor) {
        decompressor.close();
        contexts.decrementAndGet();
    }

    /**
     * How many native contexts are open, of connections and of threads.
     *
     * @return a count, 0 when all connections and their threads have ended
     */
    public int openContexts() {
        return contexts.get();
    }

    /** Releases the dictionary. */
    @Override
    public void close() {
        compressDictionary.close();
        decompressDictionary.close();
    }
}
