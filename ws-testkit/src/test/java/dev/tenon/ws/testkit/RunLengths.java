package dev.tenon.ws.testkit;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ExtensionViolation;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * An extension that encodes a message as a mark and pairs of a count and a byte, XORed with the last byte of the
 * previous message unless the mark resets that context. It is correct without a fault, and wrong in one way with a
 * fault.
 */
final class RunLengths implements ExtensionProvider {
    private static final ExtensionViolation COUNT_OF_NOTHING = ExtensionViolation.of(
            "x-run-lengths.count-of-nothing", CloseCode.INVALID_PAYLOAD_DATA, "a count of nothing");

    enum Fault {
        NONE,
        LOSES_A_HALF_PAIR,
        COUNTS_ON_WHAT_IT_HANDED_ON,
        SAYS_TOO_SHORT,
        LOSES_PINGS,
        MAKES_TEXT_BINARY,
        MARKS_WHAT_IT_SKIPS,
        FORGETS_THE_MODE,
        TAKES_EVERY_PIECE_FOR_A_FRAME,
        SHARES_ITS_STATE,
        SHARES_WHAT_IS_UNFINISHED,
        MIXES_ITS_DIRECTIONS,
        SHARES_A_FLAG,
        LEAVES_STATE_WITH_THE_THREAD,
        LOSES_WHAT_COMES_TOO_EARLY,
        SHARES_ITS_OUTPUT,
        TAKES_A_BIT_ON_A_CONTINUATION,
        LEAVES_ITS_BIT,
        SETS_A_FOREIGN_BIT,
        LOSES_A_FOREIGN_BIT,
        IGNORES_THE_BUDGET,
        FAILS_THE_BUDGET_WITH_1002,
        THROWS_ON_GARBAGE,
        HOLDS_WHAT_IS_CUT_OFF,
        DOES_NOT_FORGET,
        SHARES_WITH_NOBODY,
        DECLINES_ITSELF,
        AGREES_TWICE_ON_DIFFERENT_BITS,
        TAKES_ANY_PARAMETER,
        BREAKS_ITS_SECOND_OFFER
    }

    private static final ExtensionOffer PLAIN = ExtensionOffer.of("x-runs");
    private static final ExtensionOffer SECOND = ExtensionOffer.of("x-runs", ExtensionOffer.Parameter.flag("x-second"));

    private final Fault fault;
    private final State shared = new State();
    private final State sharedByServers = new State();
    private boolean sharedFlag;
    private final ByteBuffer sharedOutput = ByteBuffer.allocate(1 << 20);
    private int held;

    RunLengths(Fault fault) {
        this.fault = fault;
    }

    /** Returns the number of messages in progress in connections that have not been closed. */
    long held() {
        return held;
    }

    @Override
    public String name() {
        return "x-runs";
    }

    @Override
    public List<ExtensionOffer> offers() {
        return List.of(PLAIN, SECOND);
    }

    @Override
    public NegotiatedExtension accept(ExtensionOffer offer) {
        if (is(Fault.DECLINES_ITSELF)) {
            throw new ExtensionException("does not want itself");
        }
        return agreed(offer, FirstByte.RSV2);
    }

    @Override
    public NegotiatedExtension confirm(ExtensionOffer response) {
        int rsv = is(Fault.AGREES_TWICE_ON_DIFFERENT_BITS) ? FirstByte.RSV3 : FirstByte.RSV2;
        return agreed(response, rsv);
    }

    private NegotiatedExtension agreed(ExtensionOffer offer, int rsv) {
        if (!offers().contains(offer) && !is(Fault.TAKES_ANY_PARAMETER)) {
            throw new ExtensionException("unknown parameters");
        }
        return new Negotiated(offer, rsv);
    }

    private boolean is(Fault other) {
        return fault == other;
    }

    private final class Negotiated implements NegotiatedExtension {
        private final ExtensionOffer agreed;
        private final int rsv;

        Negotiated(ExtensionOffer agreed, int rsv) {
            this.agreed = agreed;
            this.rsv = rsv;
        }

        @Override
        public ExtensionOffer agreed() {
            return agreed;
        }

        @Override
        public int rsv() {
            return rsv;
        }

        @Override
        public boolean fragmentable() {
            return true;
        }

        @Override
        public long maxPayloadLength(long messageLength) {
            return is(Fault.SAYS_TOO_SHORT) ? messageLength : 2 * messageLength + 1;
        }

        @Override
        public Extension open(ExtensionContext context) {
            return new Open(context, is(Fault.BREAKS_ITS_SECOND_OFFER) && agreed.equals(SECOND));
        }
    }

    /** The state of one direction. */
    private static final class State implements AutoCloseable {
        boolean inMessage;
        boolean coded;
        boolean marked;
        int key;
        int count;
        int last;
        long length;

        @Override
        public void close() {}
    }

    private final class Open implements Extension {
        private final long budget;
        private final boolean broken;
        private final State out;
        private final State in;
        private boolean forgotten = true;
        private boolean inFrame;

        Open(ExtensionContext context, boolean broken) {
            this.budget = context.maxMessageLength();
            this.broken = broken;
            boolean unfinished = is(Fault.SHARES_WHAT_IS_UNFINISHED) && context.role() == Role.SERVER;
            this.in = unfinished ? sharedByServers : new State();
            this.out = is(Fault.SHARES_ITS_STATE) ? shared : is(Fault.MIXES_ITS_DIRECTIONS) ? in : ownOutbound(context);
        }

        private State ownOutbound(ExtensionContext context) {
            return is(Fault.LEAVES_STATE_WITH_THE_THREAD)
                    ? context.thread().get(RunLengths.this, State.class, State::new)
                    : new State();
        }

        @Override
        public OutboundHandler outbound(OutboundHandler next) {
            return (firstByte, payload, end, requestedMode) -> {
                SendMode mode = is(Fault.FORGETS_THE_MODE) ? SendMode.DEFAULT : requestedMode;
                if (firstByte.opcode().isControl()) {
                    if (!is(Fault.LOSES_PINGS)) {
                        next.onFrame(firstByte, payload, end, mode);
                    }
                    return;
                }
                boolean begins = firstByte.opcode() != Opcode.CONTINUATION && !inFrame;
                inFrame = !end && !is(Fault.TAKES_EVERY_PIECE_FOR_A_FRAME);
                if (mode == SendMode.UNCOMPRESSED) {
                    boolean marked = is(Fault.MARKS_WHAT_IT_SKIPS) && firstByte.opcode() != Opcode.CONTINUATION;
                    next.onFrame(marked ? firstByte.withRsv(FirstByte.RSV2) : firstByte, payload, end, mode);
                } else {
                    encode(firstByte, payload, begins, end, next);
                }
            };
        }

        private void encode(
                FirstByte firstByte, ByteBuffer payload, boolean begins, boolean end, OutboundHandler next) {
            ByteBuffer coded = is(Fault.SHARES_ITS_OUTPUT)
                    ? sharedOutput.clear()
                    : ByteBuffer.allocate(2 * payload.remaining() + 1);
            FirstByte sent = firstByte;
            if (firstByte.opcode() != Opcode.CONTINUATION) {
                sent = (is(Fault.MAKES_TEXT_BINARY) ? FirstByte.of(firstByte.fin(), Opcode.BINARY) : firstByte)
                        .withRsv(is(Fault.LOSES_A_FOREIGN_BIT) ? FirstByte.RSV2 : firstByte.rsv() | bits());
            }
            if (begins) {
                out.key = forgotten ? 0 : out.last;
                coded.put((byte) (forgotten ? 1 : 0));
                forgotten = false;
            }
            if (is(Fault.COUNTS_ON_WHAT_IT_HANDED_ON)) {
                next.onFrame(sent, payload.duplicate(), false, SendMode.DEFAULT);
                next.onFrame(sent, coded.flip(), end, SendMode.DEFAULT);
                return;
            }
            while (payload.hasRemaining()) {
                byte b = payload.get();
                int count = 1;
                while (count < 255 && payload.hasRemaining() && payload.get(payload.position()) == b) {
                    payload.get();
                    count++;
                }
                coded.put((byte) count).put((byte) (b ^ out.key));
                out.last = b;
            }
            next.onFrame(sent, coded.flip(), end, SendMode.DEFAULT);
        }

        private int bits() {
            return is(Fault.SETS_A_FOREIGN_BIT) ? FirstByte.RSV2 | FirstByte.RSV1 : FirstByte.RSV2;
        }

        @Override
        public FrameHandler inbound(FrameHandler next) {
            return (firstByte, payload, end) -> {
                if (is(Fault.LOSES_WHAT_COMES_TOO_EARLY) && !next.isReady()) {
                    return;
                }
                boolean continues = firstByte.opcode() == Opcode.CONTINUATION;
                if (continues && firstByte.rsv2() && !is(Fault.TAKES_A_BIT_ON_A_CONTINUATION)) {
                    throw MessageViolation.RSV_WITHIN_MESSAGE.toException();
                }
                if (!firstByte.opcode().isControl() && !in.inMessage) {
                    in.inMessage = true;
                    in.coded = firstByte.rsv2();
                    sharedFlag = in.coded;
                    in.marked = false;
                    in.length = 0;
                    held++;
                }
                boolean own = !firstByte.opcode().isControl() && (is(Fault.SHARES_A_FLAG) ? sharedFlag : in.coded);
                int cleared = is(Fault.LEAVES_ITS_BIT) ? 0 : FirstByte.RSV2;
                next.onFrame(firstByte.withRsv(firstByte.rsv() & ~cleared), own ? decode(payload) : payload, end);
                if (end && firstByte.fin() && !firstByte.opcode().isControl()) {
                    finish();
                }
            };
        }

        private ByteBuffer decode(ByteBuffer payload) {
            ByteBuffer plain = ByteBuffer.allocate(255 * (payload.remaining() + 1));
            while (payload.hasRemaining()) {
                int b = payload.get() & 0xFF;
                if (!in.marked) {
                    in.marked = true;
                    in.key = b == 0 ? in.last : 0;
                } else if (in.count == 0) {
                    in.count = b == 0 ? garbage() : b;
                } else {
                    in.length += in.count;
                    checkBudget();
                    in.last = b ^ in.key;
                    for (; in.count > 0; in.count--) {
                        plain.put((byte) (in.last + (broken ? 1 : 0)));
                    }
                }
            }
            in.count = is(Fault.LOSES_A_HALF_PAIR) ? 0 : in.count;
            return plain.flip();
        }

        private int garbage() {
            if (is(Fault.THROWS_ON_GARBAGE)) {
                throw new IllegalStateException("a count of nothing");
            }
            throw COUNT_OF_NOTHING.toException();
        }

        private void checkBudget() {
            if (in.length > budget && !is(Fault.IGNORES_THE_BUDGET)) {
                boolean wrong = is(Fault.FAILS_THE_BUDGET_WITH_1002);
                throw (wrong ? MessageViolation.MESSAGE_WITHIN_MESSAGE : MessageViolation.MESSAGE_TOO_LONG)
                        .toException();
            }
        }

        private void finish() {
            if (in.count > 0) {
                garbage();
            }
            in.inMessage = false;
            held--;
        }

        @Override
        public Optional<Object> sharingKey() {
            return Optional.of(is(Fault.SHARES_WITH_NOBODY) ? new Object() : "x-runs");
        }

        @Override
        public void forgetOutbound() {
            forgotten = !is(Fault.DOES_NOT_FORGET);
        }

        @Override
        public void close() {
            if (in.inMessage && !is(Fault.HOLDS_WHAT_IS_CUT_OFF)) {
                held--;
            }
        }
    }
}
