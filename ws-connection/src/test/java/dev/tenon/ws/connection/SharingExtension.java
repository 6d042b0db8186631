package dev.tenon.ws.connection;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Puts a number before each outbound message, which counts from 0 since the last reset of its context. */
final class SharingExtension implements NegotiatedExtension {
    /** The number of messages in the stages of all connections. */
    final AtomicInteger runs = new AtomicInteger();

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    private final @Nullable Object key;
    volatile boolean broken;

    SharingExtension(@Nullable Object key) {
        this.key = key;
    }

    @Override
    public ExtensionOffer agreed() {
        return ExtensionOffer.of("x-number");
    }

    @Override
    public int rsv() {
        return FirstByte.RSV3;
    }

    @Override
    public Extension open(ExtensionContext context) {
        opened.incrementAndGet();
        return new Numbering();
    }

    private final class Numbering implements Extension {
        private byte number;

        @Override
        public FrameHandler inbound(FrameHandler next) {
            return next;
        }

        @Override
        public OutboundHandler outbound(OutboundHandler next) {
            return (firstByte, payload, endOfFrame, mode) -> {
                if (firstByte.opcode().isControl() || mode == SendMode.UNCOMPRESSED) {
                    next.onFrame(firstByte, payload, endOfFrame, mode);
                    return;
                }
                if (broken) {
                    throw new IllegalStateException("broken");
                }
                runs.incrementAndGet();
                FirstByte marked = firstByte.withRsv(FirstByte.RSV3);
                next.onFrame(marked, ByteBuffer.wrap(new byte[] {number++}), false, mode);
                next.onFrame(marked, payload, endOfFrame, mode);
            };
        }

        @Override
        public Optional<Object> sharingKey() {
            return Optional.ofNullable(key);
        }

        @Override
        public void forgetOutbound() {
            number = 0;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
