package dev.tenon.ws.deflate;

/** Where the codecs of a connection live. */
public enum MemoryMode {
    /**
     * A codec comes from the provider's pool for one call, or for one inbound message, primed with what the connection
     * keeps of its past: at most {@link DeflateOptions#outboundContext()} bytes of heap outbound, and the agreed window
     * inbound. A deflater that no other connection has used since goes on where this one left it. An idle connection holds
     * nothing native.
     */
    POOLED,
    /**
     * A codec stays with the connection from its first compressed message in that direction on: a deflater with about
     * 268 KiB of native memory, an inflater with about 42 KiB. Both take over the whole window by themselves. The
     * fastest and the smallest output for few connections that send much.
     */
    DEDICATED
}
