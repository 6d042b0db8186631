package dev.tenon.ws.deflate;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The negotiated parameters, for any number of connections.
 *
 * @param agreed the element of the response
 * @param outbound how this end compresses
 * @param inbound how the peer compresses
 */
record NegotiatedDeflate(
        ExtensionOffer agreed, DeflateOptions options, CodecPool pool, Direction outbound, Direction inbound)
        implements NegotiatedExtension {
    /**
     * One direction of a connection.
     *
     * @param takeover whether a message may refer to earlier ones
     * @param windowBits how far it may refer back, as a power of two
     */
    record Direction(boolean takeover, int windowBits) {}

    /** Everything that decides the compressed bytes of a message without context. */
    private record SharingKey(int level, int minimumSize, MemoryMode memory, int windowBits) {}

    @Override
    public int rsv() {
        return FirstByte.RSV1;
    }

    /**
     * DEFLATE's fixed code needs at most nine bits for a byte, an eighth more; stored blocks need less. The other
     * eighth is for the flushes of a peer that uses small segments, the constant for short messages.
     */
    @Override
    public long maxPayloadLength(long messageLength) {
        return maxCompressedLength(messageLength);
    }

    static long maxCompressedLength(long messageLength) {
        return messageLength + messageLength / 4 + 64;
    }

    /** RFC 7692 §6.1: only the first fragment has RSV1, and fragments have no meaning of their own. */
    @Override
    public boolean fragmentable() {
        return true;
    }

    /** Output longer than the compressor's buffer becomes several frames, and each piece of a frame becomes one. */
    @Override
    public boolean reframes() {
        return true;
    }

    @Override
    public Extension open(ExtensionContext context) {
        return new OpenDeflate(context);
    }

    private Compressor compressor() {
        return switch (options.memory()) {
            case POOLED ->
                new PooledCompressor(pool, outbound.windowBits, outbound.takeover, options.outboundContext());
            case DEDICATED -> new DedicatedCompressor(pool, outbound.windowBits, outbound.takeover);
        };
    }

    /** The extension of one connection. */
    final class OpenDeflate implements Extension {
        private final ExtensionContext context;
        private final Compressor compressor = compressor();
        private @Nullable Inflation inflation;

        OpenDeflate(ExtensionContext context) {
            this.context = context;
        }

        @Override
        public FrameHandler inbound(FrameHandler next) {
            int window = 1 << inbound.windowBits;
            int room = options.memory() == MemoryMode.DEDICATED ? 2 * window : window;
            History history = inbound.takeover ? new History(window, room) : null;
            Inflation stage = new Inflation(next, pool, context.maxMessageLength(), history, options.memory());
            inflation = stage;
            return stage;
        }

        @Override
        public OutboundHandler outbound(OutboundHandler next) {
            return new Deflation(next, compressor, options.minimumSize());
        }

        @Override
        public Optional<Object> sharingKey() {
            return Optional.of(
                    new SharingKey(options.level(), options.minimumSize(), options.memory(), outbound.windowBits));
        }

        @Override
        public void forgetOutbound() {
            compressor.forget();
        }

        /** The heap memory of its windows, in bytes. */
        int retainedBytes() {
            return compressor.retainedBytes() + (inflation == null ? 0 : inflation.retainedBytes());
        }

        @Override
        public void close() {
            compressor.close();
            if (inflation != null) {
                inflation.close();
            }
        }
    }
}
