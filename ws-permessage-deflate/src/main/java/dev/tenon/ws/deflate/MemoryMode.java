package dev.tenon.ws.deflate;

/** Whether the connections of a provider share codecs. */
public enum MemoryMode {
    /**
     * A connection takes a codec from the provider's pool for one call, or for one inbound message, and primes it with
     * the bytes of earlier messages that it keeps on the heap: at most {@link DeflateOptions#outboundContext()} bytes
     * outbound, and the agreed window inbound. A deflater that no other connection has used in between continues
     * without priming. An idle connection holds no native memory.
     */
    POOLED,
    /**
     * A connection keeps a codec for each direction from the first compressed message on: a deflater with about 268 KiB
     * of native memory, an inflater with about 42 KiB. Both keep the whole window. Fastest, and with the smallest
     * output, for a few connections that send much.
     */
    DEDICATED
}
