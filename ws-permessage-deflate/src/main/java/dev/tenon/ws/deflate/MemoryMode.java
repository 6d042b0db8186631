package dev.tenon.ws.deflate;

/**
 * Where the compressor of a connection lives.
 *
 * <p>Inflaters are pooled in both modes: to prime one with a whole window costs about two microseconds. To prime a
 * deflater costs about fifty times as much, because it has to index every byte; that is why it has a mode of its own.
 */
public enum MemoryMode {
    /**
     * The deflater comes from the provider's pool for one call, primed with what the connection keeps of its past: at
     * most {@link DeflateOptions#outboundContext()} bytes of heap. An idle connection holds nothing native.
     */
    POOLED,
    /**
     * The deflater stays with the connection from its first compressed message on, with about 268 KiB of native
     * memory, and takes over the whole window. The fastest and the smallest output for few connections that send much.
     */
    DEDICATED
}
