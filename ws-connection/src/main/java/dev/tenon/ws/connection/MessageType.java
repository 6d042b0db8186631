package dev.tenon.ws.connection;

import dev.tenon.ws.frame.Opcode;

/** The two message types of RFC 6455 §5.6. */
public enum MessageType {
    /** UTF-8 text. */
    TEXT(Opcode.TEXT),
    /** Arbitrary bytes. */
    BINARY(Opcode.BINARY);

    private final Opcode opcode;

    MessageType(Opcode opcode) {
        this.opcode = opcode;
    }

    Opcode opcode() {
        return opcode;
    }

    static MessageType of(Opcode opcode) {
        return opcode == Opcode.TEXT ? TEXT : BINARY;
    }
}
