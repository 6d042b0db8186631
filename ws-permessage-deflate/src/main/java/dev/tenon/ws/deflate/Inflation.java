package dev.tenon.ws.deflate;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The inbound stage: inflates messages whose first frame has RSV1 (RFC 7692 §7.2.2), limits the compressed bytes of a
 * message, and pauses while the next handler is not ready.
 *
 * <pre>
 * ready      a piece comes, all of it is inflated and handed on
 * stopped    the next handler was not ready: the rest of the piece is held, and what comes nevertheless behind it
 * resume()   as much of that as the next handler takes
 * </pre>
 */
final class Inflation implements FrameHandler {
    /** How many bytes a frame may have beyond its share of the message: a flush and the header of a block. */
    static final int FRAME_OVERHEAD = 16;

    private final FrameHandler next;
    private final InflaterLease lease;
    private final MessageInflater inflater;
    private final long maxCompressedLength;

    /** Whether the current frame belongs to a compressed message. */
    private boolean compressed;

    /** Whether the current message is uncompressed. */
    private boolean plain;

    private boolean inFrame;
    /** How many more compressed bytes the message may have. */
    private long allowance;
    /** The input that waits until the next handler is ready, or null. */
    private @Nullable HeldPieces held;

    Inflation(FrameHandler next, CodecPool pool, long maxMessageLength, @Nullable History context, MemoryMode memory) {
        long bound = Math.min(maxMessageLength, Long.MAX_VALUE / 4);
        this.next = next;
        this.lease = new InflaterLease(pool, context, memory);
        this.inflater = new MessageInflater(next, lease, bound);
        this.maxCompressedLength = NegotiatedDeflate.maxCompressedLength(bound);
    }

    @Override
    public boolean isReady() {
        return held == null && next.isReady();
    }

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        if (held == null) {
            accept(firstByte, payload, endOfFrame);
        } else {
            held.add(firstByte, payload, endOfFrame);
        }
    }

    @Override
    public void resume() {
        while (held != null && next.isReady()) {
            HeldPieces.Piece piece = held.remove();
            if (piece.begun()) {
                holdRest(piece.firstByte(), inflateRest(piece), piece.endOfFrame());
            } else {
                accept(piece.firstByte(), piece.payload(), piece.endOfFrame());
            }
            if (held != null && held.isEmpty()) {
                held = null;
            }
        }
    }

    private void accept(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        Opcode opcode = firstByte.opcode();
        if (opcode == Opcode.TEXT || opcode == Opcode.BINARY) {
            if (!inFrame) {
                begin(firstByte);
            }
        } else if (firstByte.rsv1()) { // RFC 7692 §6: only the first frame of a message may say that it is compressed
            throw DeflateViolation.RSV1_WITHIN_MESSAGE.toException();
        } else if (opcode != Opcode.CONTINUATION) {
            next.onFrame(firstByte, payload, endOfFrame);
            return;
        }
        boolean continues = inFrame;
        inFrame = !endOfFrame;
        if (compressed) {
            allowance += continues ? 0 : FRAME_OVERHEAD;
            acceptCompressed(firstByte, payload, endOfFrame);
        } else {
            plain = !firstByte.fin() || !endOfFrame;
            next.onFrame(firstByte, payload, endOfFrame);
        }
    }

    private void begin(FirstByte firstByte) {
        if (compressed || (plain && firstByte.rsv1())) { // RFC 6455 §5.4; the next handler checks uncompressed messages
            throw MessageViolation.MESSAGE_WITHIN_MESSAGE.toException();
        }
        compressed = firstByte.rsv1();
        if (compressed) {
            inflater.begin(firstByte);
            allowance = maxCompressedLength;
        }
    }

    private void acceptCompressed(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        if (payload.remaining() > allowance) {
            acceptAllowed(firstByte, payload, endOfFrame);
            return;
        }
        allowance -= payload.remaining();
        holdRest(firstByte, inflate(firstByte, payload, endOfFrame), endOfFrame);
    }

    /**
     * Without this limit, a peer could send blocks that inflate to nothing for ever. The bytes within the limit are
     * inflated first, so that an earlier fault among them is reported first.
     */
    private void acceptAllowed(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        int limit = payload.limit();
        int end = payload.position() + (int) allowance;
        allowance = 0;
        inFrame = true;
        ByteBuffer rest = inflate(firstByte, payload.duplicate().limit(end), false);
        if (rest == null) {
            throw DeflateViolation.COMPRESSED_MESSAGE_TOO_LONG.toException();
        }
        // This piece exceeds the limit when its turn comes.
        held().addNext(firstByte, payload.limit(limit).position(end), endOfFrame);
        held().addRest(firstByte, rest, false);
    }

    private @Nullable ByteBuffer inflate(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        boolean last = firstByte.fin() && endOfFrame;
        ByteBuffer rest = null;
        try {
            rest = inflater.inflate(firstByte, payload, endOfFrame);
        } finally {
            compressed = rest != null || !last;
        }
        return rest;
    }

    private @Nullable ByteBuffer inflateRest(HeldPieces.Piece piece) {
        boolean last = piece.firstByte().fin() && piece.endOfFrame();
        ByteBuffer rest = null;
        try {
            rest = inflater.inflateRest(piece.firstByte(), piece.payload(), piece.endOfFrame());
        } finally {
            compressed = rest != null || !last;
        }
        return rest;
    }

    private void holdRest(FirstByte firstByte, @Nullable ByteBuffer rest, boolean endOfFrame) {
        if (rest != null) {
            held().addRest(firstByte, rest, endOfFrame);
        }
    }

    private HeldPieces held() {
        HeldPieces pieces = held;
        if (pieces == null) {
            pieces = new HeldPieces();
            held = pieces;
        }
        return pieces;
    }

    int retainedBytes() {
        return lease.retainedBytes() + (held == null ? 0 : held.bytes());
    }

    /** Frees everything; during a call, as soon as the call is over. */
    void close() {
        held = null;
        inflater.close();
    }
}
