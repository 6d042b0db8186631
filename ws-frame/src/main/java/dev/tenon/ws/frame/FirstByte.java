package dev.tenon.ws.frame;

/**
 * The first byte of a frame: FIN, RSV1-3 and the opcode (RFC 6455 §5.2). Each of the 256 values exists once, so a first
 * byte costs no allocation and may be compared with {@code ==}. Immutable and thread-safe.
 *
 * <pre>
 *   0   1    2    3   4 5 6 7
 *  +---+----+----+----+-------+
 *  |FIN|RSV1|RSV2|RSV3|opcode |
 *  +---+----+----+----+-------+
 * </pre>
 */
public final class FirstByte {
    /** The bit of RSV1 in {@link #rsv()}. */
    public static final int RSV1 = 0b100;
    /** The bit of RSV2 in {@link #rsv()}. */
    public static final int RSV2 = 0b010;
    /** The bit of RSV3 in {@link #rsv()}. */
    public static final int RSV3 = 0b001;

    private static final int FIN_BIT = 0x80;
    private static final int RSV_SHIFT = 4;
    private static final FirstByte[] ALL = new FirstByte[256];

    static {
        for (int b = 0; b < ALL.length; b++) {
            ALL[b] = new FirstByte(b);
        }
    }

    private final int value;
    private final Opcode opcode;

    private FirstByte(int value) {
        this.value = value;
        this.opcode = Opcode.of(value & 0xF);
    }

    /**
     * Returns the first byte with the given value.
     *
     * @param value the byte; only its low eight bits count, so a signed {@code byte} may be given as it is
     * @return the one header of that value
     */
    public static FirstByte of(int value) {
        return ALL[value & 0xFF];
    }

    /**
     * Returns the first byte with the given FIN and opcode, and RSV1-3 clear.
     *
     * @param fin whether this is the last frame of its message
     * @param opcode the opcode
     * @return the one header of that value
     */
    public static FirstByte of(boolean fin, Opcode opcode) {
        return ALL[(fin ? FIN_BIT : 0) | opcode.code()];
    }

    /**
     * Whether this is the last frame of its message.
     *
     * @return the FIN bit
     */
    public boolean fin() {
        return (value & FIN_BIT) != 0;
    }

    /**
     * Returns the three reserved bits.
     *
     * @return any union of {@link #RSV1}, {@link #RSV2} and {@link #RSV3}
     */
    public int rsv() {
        return (value >> RSV_SHIFT) & 7;
    }

    /**
     * Whether RSV1 is set.
     *
     * @return the RSV1 bit
     */
    public boolean rsv1() {
        return (rsv() & RSV1) != 0;
    }

    /**
     * Whether RSV2 is set.
     *
     * @return the RSV2 bit
     */
    public boolean rsv2() {
        return (rsv() & RSV2) != 0;
    }

    /**
     * Whether RSV3 is set.
     *
     * @return the RSV3 bit
     */
    public boolean rsv3() {
        return (rsv() & RSV3) != 0;
    }

    /**
     * Returns the opcode.
     *
     * @return one of the sixteen
     */
    public Opcode opcode() {
        return opcode;
    }

    /**
     * Returns the numeric value, as it is sent.
     *
     * @return 0 to 255
     */
    public int value() {
        return value;
    }

    /**
     * Returns this first byte with another FIN bit.
     *
     * @param fin the bit wanted
     * @return the one header of that value
     */
    public FirstByte withFin(boolean fin) {
        return ALL[fin ? value | FIN_BIT : value & ~FIN_BIT];
    }

    /**
     * Returns this first byte with other reserved bits.
     *
     * @param rsv any union of {@link #RSV1}, {@link #RSV2} and {@link #RSV3}
     * @return the one header of that value
     * @throws IllegalArgumentException if {@code rsv} has other bits
     */
    public FirstByte withRsv(int rsv) {
        if ((rsv & ~7) != 0) {
            throw new IllegalArgumentException("RSV1-3 are three bits, not " + rsv);
        }
        return ALL[(value & ~(7 << RSV_SHIFT)) | (rsv << RSV_SHIFT)];
    }

    /**
     * Returns this first byte with another opcode.
     *
     * @param opcode the opcode wanted
     * @return the one header of that value
     */
    public FirstByte withOpcode(Opcode opcode) {
        return ALL[(value & 0xF0) | opcode.code()];
    }

    /**
     * Returns a text for logs: {@code FIN RSV1 TEXT}.
     *
     * @return the bits that are set and the opcode
     */
    @Override
    public String toString() {
        return (fin() ? "FIN " : "")
                + (rsv1() ? "RSV1 " : "")
                + (rsv2() ? "RSV2 " : "")
                + (rsv3() ? "RSV3 " : "")
                + opcode;
    }
}
