package dev.tenon.ws.deflate;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was agreed on, for any number of connections.
 *
 * @param agreed the element of the answer
 * @param outbound how this end compresses
 * @param inbound how the peer does
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

    /** All that the bytes of a message on its own depend on. */
    private record SharingKey(int level, int minimumSize, MemoryMode memory, int windowBits) {}

    @Override
    public int rsv() {
        return FrameHeader.RSV1;
    }

    /**
     * A byte takes nine bits at most in DEFLATE's fixed code, an eighth more than it has; stored blocks are better. The
     * other eighth is for the flushes of a peer that has to work in small segments, and the constant for short messages.
     */
    @Override
    public long maxPayloadLength(long messageLength) {
        return maxCompressedLength(messageLength);
    }

    static long maxCompressedLength(long messageLength) {
        return messageLength + messageLength / 4 + 64;
    }

    /** RFC 7692 §6.1: RSV1 is for the first fragment, and the others mean nothing. */
    @Override
    public boolean fragmentable() {
        return true;
    }

    /** What is longer than the compressor's output becomes several frames, and each piece of a frame one. */
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

    /** The extension at work. */
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

        /** The heap that its windows take. */
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
