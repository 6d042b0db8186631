package dev.tenon.ws.examples.zstd;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The resources that the connections of one thread share: buffers for native calls, and contexts without state. */
final class ZstdContexts implements AutoCloseable {
    private static final int ROOM = 16 * 1024;

    final ByteBuffer input = ByteBuffer.allocateDirect(ROOM);
    final ByteBuffer output = ByteBuffer.allocateDirect(ROOM);
    private final PermessageZstd provider;
    private @Nullable ZstdCompressCtx compressor;
    private @Nullable ZstdDecompressCtx decompressor;

    ZstdContexts(PermessageZstd provider) {
        this.provider = provider;
    }

    ZstdCompressCtx compressor() {
        if (compressor == null) {
            compressor = provider.compressor();
        }
        return compressor;
    }

    ZstdDecompressCtx decompressor() {
        if (decompressor == null) {
            decompressor = provider.decompressor();
        }
        return decompressor;
    }

    @Override
    public void close() {
        if (compressor != null) {
            provider.close(compressor);
        }
        if (decompressor != null) {
            provider.close(decompressor);
        }
    }
}
