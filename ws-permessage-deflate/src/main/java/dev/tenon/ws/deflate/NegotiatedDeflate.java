package dev.tenon.ws.deflate;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import org.jspecify.annotations.Nullable;

/** What was agreed on, for any number of connections. */
record NegotiatedDeflate(ExtensionOffer agreed, CodecPool pool) implements NegotiatedExtension {
    @Override
    public int rsv() {
        return FrameHeader.RSV1;
    }

    @Override
    public Extension open(ExtensionContext context) {
        return new OpenDeflate(context.maxMessageLength());
    }

    private final class OpenDeflate implements Extension {
        private final long maxMessageLength;
        private @Nullable Inflation inflation;

        OpenDeflate(long maxMessageLength) {
            this.maxMessageLength = maxMessageLength;
        }

        @Override
        public FrameHandler inbound(FrameHandler next) {
            Inflation stage = new Inflation(next, pool, maxMessageLength);
            inflation = stage;
            return stage;
        }

        @Override
        public FrameHandler outbound(FrameHandler next) {
            return new Deflation(next, pool);
        }

        @Override
        public void close() {
            if (inflation != null) {
                inflation.close();
            }
        }
    }
}
