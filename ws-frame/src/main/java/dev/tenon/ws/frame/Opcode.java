package dev.tenon.ws.frame;

/**
 * The sixteen opcodes of RFC 6455 §5.2, in the order of their wire values. A negotiated extension may give a meaning to
 * a reserved opcode.
 */
@SuppressWarnings("EnumOrdinal") // the order of the constants is that of their wire values
public enum Opcode {
    /** 0x0: continues the message that a text or binary frame began. */
    CONTINUATION,
    /** 0x1: begins a message of UTF-8 text. */
    TEXT,
    /** 0x2: begins a message of arbitrary bytes. */
    BINARY,
    /** 0x3: reserved for further non-control frames. */
    RESERVED_3,
    /** 0x4: reserved for further non-control frames. */
    RESERVED_4,
    /** 0x5: reserved for further non-control frames. */
    RESERVED_5,
    /** 0x6: reserved for further non-control frames. */
    RESERVED_6,
    /** 0x7: reserved for further non-control frames. */
    RESERVED_7,
    /** 0x8: begins the closing handshake, or ends it in response. */
    CLOSE,
    /** 0x9: asks for a pong with the same payload. */
    PING,
    /** 0xA: responds to a ping, or is a one-way heartbeat. */
    PONG,
    /** 0xB: reserved for further control frames. */
    RESERVED_B,
    /** 0xC: reserved for further control frames. */
    RESERVED_C,
    /** 0xD: reserved for further control frames. */
    RESERVED_D,
    /** 0xE: reserved for further control frames. */
    RESERVED_E,
    /** 0xF: reserved for further control frames. */
    RESERVED_F;

    private static final Opcode[] VALUES = values();

    /**
     * Returns the opcode of a wire value.
     *
     * @param code the wire value, 0 to 15
     * @return the opcode
     * @throws IllegalArgumentException if {@code code} does not fit into four bits
     */
    public static Opcode of(int code) {
        if ((code & ~0xF) != 0) {
            throw new IllegalArgumentException("an opcode has four bits, not " + code);
        }
        return VALUES[code];
    }

    /**
     * Returns the wire value.
     *
     * @return 0 to 15
     */
    public int code() {
        return ordinal();
    }

    /**
     * Whether frames of this opcode are control frames: at most 125 bytes, never fragmented (RFC 6455 §5.5).
     *
     * @return true for 0x8 to 0xF
     */
    public boolean isControl() {
        return ordinal() >= 8;
    }

    /**
     * Whether RFC 6455 reserves this opcode, so that only an extension gives it a meaning.
     *
     * @return true for 0x3 to 0x7 and 0xB to 0xF
     */
    public boolean isReserved() {
        return (ordinal() & 7) > 2;
    }
}
