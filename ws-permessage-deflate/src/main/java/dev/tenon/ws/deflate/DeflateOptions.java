package dev.tenon.ws.deflate;

import java.util.function.Consumer;

/**
 * How an endpoint compresses. Immutable; a server and a client may use the same options. <em>Outbound</em> means the
 * messages that this end sends, <em>inbound</em> those that it receives. Begin with {@link #defaults()}.
 *
 * <p>An endpoint asks a peer only for parameters that the peer has offered, with one exception: a server with
 * {@code inboundTakeover} false responds with {@code client_no_context_takeover} to every client. RFC 7692 §7.1.1.2
 * allows that, but the clients of Netty and Jetty refuse it.
 *
 * @param level zlib's level, 1 (fastest) to 9
 * @param minimumSize messages shorter than this, in bytes, are sent uncompressed
 * @param outboundTakeover whether a message may refer to earlier ones (RFC 7692 §7.1.1)
 * @param inboundTakeover whether the peer's messages may refer to earlier ones; a connection then keeps a window of
 *     received bytes on the heap
 * @param outboundWindowBits the largest window to compress with, as a power of two, 8 to 15 (RFC 7692 §7.1.2)
 * @param inboundWindowBits the window that this end asks the peer to use, if messages may refer to earlier ones. A peer
 *     that cannot be asked uses 2^15 bytes
 * @param serverWindowRequested whether a client asks for {@code inboundWindowBits} with {@code server_max_window_bits}
 * @param outboundContext in {@link MemoryMode#POOLED}, how many sent bytes a connection keeps at most, so that later
 *     messages can refer to them, 0 to 32,768
 * @param memory where codecs live
 * @param pooledCodecs how many idle codecs of each kind are kept, and how many inflaters at most stay with messages
 *     that are still arriving, 1 or more
 */
public record DeflateOptions(
        int level,
        int minimumSize,
        boolean outboundTakeover,
        boolean inboundTakeover,
        int outboundWindowBits,
        int inboundWindowBits,
        boolean serverWindowRequested,
        int outboundContext,
        MemoryMode memory,
        int pooledCodecs) {
    static final int MAX_WINDOW_BITS = 15;
    private static final int MIN_WINDOW_BITS = 8;

    private static final DeflateOptions DEFAULTS =
            new DeflateOptions(3, 64, true, true, MAX_WINDOW_BITS, 12, false, 2048, MemoryMode.POOLED, 64);

    /**
     * Options.
     *
     * @param level zlib's level
     * @param minimumSize bytes
     * @param outboundTakeover whether a message may refer to earlier ones
     * @param inboundTakeover whether the peer's messages may
     * @param outboundWindowBits 8 to 15
     * @param inboundWindowBits 8 to 15
     * @param serverWindowRequested whether a client asks for it
     * @param outboundContext bytes
     * @param memory where codecs live
     * @param pooledCodecs of each kind
     * @throws IllegalArgumentException if a number is out of its range
     */
    public DeflateOptions {
        require("level", level, 1, 9);
        require("minimumSize", minimumSize, 0, Integer.MAX_VALUE);
        require("outboundWindowBits", outboundWindowBits, MIN_WINDOW_BITS, MAX_WINDOW_BITS);
        require("inboundWindowBits", inboundWindowBits, MIN_WINDOW_BITS, MAX_WINDOW_BITS);
        require("outboundContext", outboundContext, 0, 1 << MAX_WINDOW_BITS);
        require("pooledCodecs", pooledCodecs, 1, 1 << 20);
    }

    private static void require(String what, int value, int from, int to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(what + " is " + from + " to " + to + ", not " + value);
        }
    }

    /**
     * Level 3, messages of 64 bytes or more, pooled codecs, 2 KiB of outbound context. The peer's messages may refer
     * back 4 KiB if a server may ask for that limit, otherwise 32 KiB.
     *
     * @return the defaults
     */
    public static DeflateOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options with another level.
     *
     * @param newLevel zlib's level, 1 (fastest) to 9
     * @return the new options
     * @throws IllegalArgumentException if it is out of range
     */
    public DeflateOptions withLevel(int newLevel) {
        return with(draft -> draft.level = newLevel);
    }

    /**
     * These options with another minimum size.
     *
     * @param bytes messages shorter than this are sent uncompressed; 0 to compress all
     * @return the new options
     * @throws IllegalArgumentException if it is negative
     */
    public DeflateOptions withMinimumSize(int bytes) {
        return with(draft -> draft.minimumSize = bytes);
    }

    /**
     * These options with or without context takeover.
     *
     * @param outbound whether a message may refer to earlier ones
     * @param inbound whether the peer's messages may refer to earlier ones
     * @return the new options
     */
    public DeflateOptions withTakeover(boolean outbound, boolean inbound) {
        return with(draft -> {
            draft.outboundTakeover = outbound;
            draft.inboundTakeover = inbound;
        });
    }

    /**
     * These options with other windows, and as a client with {@code server_max_window_bits} in the first offer. By
     * default a client does not offer that: browsers do not, and some servers refuse the handshake because of it, or
     * accept it and cannot compress (Netty before 4.1.120 without jzlib).
     *
     * @param outbound the largest window to compress with, 8 to 15
     * @param inbound the window that this end asks the peer to use, 8 to 15
     * @return the new options
     * @throws IllegalArgumentException if one is out of range
     */
    public DeflateOptions withWindowBits(int outbound, int inbound) {
        return with(draft -> {
            draft.outboundWindowBits = outbound;
            draft.inboundWindowBits = inbound;
            draft.serverWindowRequested = true;
        });
    }

    /**
     * These options with another outbound context.
     *
     * @param bytes how many sent bytes a connection keeps, 0 to 32,768; priming a deflater with them takes time for
     *     every message
     * @return the new options
     * @throws IllegalArgumentException if it is out of range
     */
    public DeflateOptions withOutboundContext(int bytes) {
        return with(draft -> draft.outboundContext = bytes);
    }

    /**
     * These options with another memory mode.
     *
     * @param mode where they live
     * @return the new options
     */
    public DeflateOptions withMemory(MemoryMode mode) {
        return with(draft -> draft.memory = mode);
    }

    /**
     * These options with another size of the pool.
     *
     * @param codecs how many idle codecs of each kind are kept, and how many inflaters at most stay with messages that
     *     are still arriving
     * @return the new options
     * @throws IllegalArgumentException if it is below 1
     */
    public DeflateOptions withPooledCodecs(int codecs) {
        return with(draft -> draft.pooledCodecs = codecs);
    }

    boolean keepsOutboundContext() {
        return outboundTakeover && (memory == MemoryMode.DEDICATED || outboundContext > 0);
    }

    private DeflateOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** Options that are being changed. */
    private static final class Draft {
        int level;
        int minimumSize;
        boolean outboundTakeover;
        boolean inboundTakeover;
        int outboundWindowBits;
        int inboundWindowBits;
        boolean serverWindowRequested;
        int outboundContext;
        MemoryMode memory;
        int pooledCodecs;

        Draft(DeflateOptions from) {
            level = from.level;
            minimumSize = from.minimumSize;
            outboundTakeover = from.outboundTakeover;
            inboundTakeover = from.inboundTakeover;
            outboundWindowBits = from.outboundWindowBits;
            inboundWindowBits = from.inboundWindowBits;
            serverWindowRequested = from.serverWindowRequested;
            outboundContext = from.outboundContext;
            memory = from.memory;
            pooledCodecs = from.pooledCodecs;
        }

        DeflateOptions options() {
            return new DeflateOptions(
                    level,
                    minimumSize,
                    outboundTakeover,
                    inboundTakeover,
                    outboundWindowBits,
                    inboundWindowBits,
                    serverWindowRequested,
                    outboundContext,
                    memory,
                    pooledCodecs);
        }
    }
}
