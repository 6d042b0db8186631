package dev.tenon.ws.suite;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Changes the frames of one direction; created anew for each connection. */
interface FrameTransformer extends Supplier<Function<WireFrame, List<WireFrame>>> {
    FrameTransformer NONE = () -> List::of;

    static FrameTransformer each(UnaryOperator<WireFrame> change) {
        return () -> frame -> List.of(change.apply(frame));
    }

    static FrameTransformer dropping(int opcode) {
        return () -> frame -> frame.opcode() == opcode ? List.of() : List.of(frame);
    }

    static FrameTransformer droppingEmpty() {
        return () -> frame -> frame.payload().length == 0 && frame.opcode() < 8 ? List.of() : List.of(frame);
    }

    static FrameTransformer afterClose() {
        return () -> frame -> frame.opcode() == Opcodes.CLOSE ? List.of(frame, WireFrame.text("late")) : List.of(frame);
    }

    /** Joins each message to one frame. */
    static FrameTransformer wholeMessages() {
        return () -> new Function<>() {
            private final ByteArrayOutputStream data = new ByteArrayOutputStream();
            private int opcode;
            private int rsv;

            @Override
            public List<WireFrame> apply(WireFrame frame) {
                if (frame.opcode() >= 8) {
                    return List.of(frame);
                }
                data.writeBytes(frame.payload());
                boolean begins = frame.opcode() != Opcodes.CONTINUATION;
                opcode = begins ? frame.opcode() : opcode;
                rsv = begins ? frame.rsv() : rsv;
                if (!frame.fin()) {
                    return List.of();
                }
                WireFrame whole = WireFrame.of(opcode, data.toByteArray()).rsv(rsv);
                data.reset();
                return List.of(whole);
            }
        };
    }

    static FrameTransformer controlAfterMessages() {
        return () -> new MessageTracker() {
            private final List<WireFrame> held = new ArrayList<>();

            @Override
            List<WireFrame> transform(WireFrame frame, boolean within) {
                if (frame.opcode() >= 8 && within) {
                    held.add(frame);
                    return List.of();
                }
                List<WireFrame> all = new ArrayList<>(List.of(frame));
                if (frame.fin()) {
                    all.addAll(held);
                    held.clear();
                }
                return all;
            }
        };
    }

    static FrameTransformer loneContinuations() {
        return () -> new MessageTracker() {
            @Override
            List<WireFrame> transform(WireFrame frame, boolean within) {
                return List.of(frame.opcode() == Opcodes.CONTINUATION && !within ? frame.opcode(1) : frame);
            }
        };
    }

    static FrameTransformer messagesWithinMessages() {
        return () -> new MessageTracker() {
            @Override
            List<WireFrame> transform(WireFrame frame, boolean within) {
                boolean begins = frame.opcode() == Opcodes.TEXT || frame.opcode() == Opcodes.BINARY;
                return begins && within ? List.of(WireFrame.continuation(""), frame) : List.of(frame);
            }
        };
    }

    /** Compresses again, with the largest window and one context for all messages. */
    static FrameTransformer deflating() {
        return () -> {
            Function<WireFrame, List<WireFrame>> whole = wholeMessages().get();
            Decompressor decompressor = new Decompressor(false, 15);
            Compressor compressor = new Compressor(false, 15);
            return frame -> whole.apply(frame).stream()
                    .map(message -> message.opcode() >= 8 || message.rsv() == 0
                            ? message
                            : message.payload(compressor.compress(inflated(decompressor, message)))
                                    .rsv(4))
                    .toList();
        };
    }

    private static byte[] inflated(Decompressor decompressor, WireFrame message) {
        try {
            return decompressor.decompress(message.payload());
        } catch (CaseFailure e) {
            throw new AssertionError(e);
        }
    }

    /** Tracks whether a message has begun and not ended. */
    abstract class MessageTracker implements Function<WireFrame, List<WireFrame>> {
        private boolean within;

        abstract List<WireFrame> transform(WireFrame frame, boolean within);

        @Override
        public List<WireFrame> apply(WireFrame frame) {
            List<WireFrame> mangled = transform(frame, within);
            within = frame.opcode() >= 8 ? within : !frame.fin();
            return mangled;
        }
    }
}
