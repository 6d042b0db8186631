package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;

/**
 * Skips empty lines before a request line (RFC 9112 §2.2), so that they do not count as the beginning of a request.
 * Some clients send one after a body.
 */
final class EmptyLines {
    private final int limit;
    private int skipped;
    private boolean afterCarriageReturn;

    EmptyLines(int limit) {
        this.limit = limit;
    }

    /**
     * Skips empty lines if the parser is between two heads; returns whether other bytes follow in the input.
     *
     * @throws HandshakeException with 400 if there are too many empty lines, or a carriage return without a line feed
     */
    boolean skip(ByteBuffer input, HttpHeadParser<?> parser) {
        if (!parser.isBetweenHeads()) {
            return true;
        }
        while (input.hasRemaining()) {
            byte next = input.get(input.position());
            if (next != (afterCarriageReturn ? '\n' : '\r')) {
                return endOfLines();
            }
            input.get();
            afterCarriageReturn = !afterCarriageReturn;
            if (++skipped > limit) {
                throw HandshakeException.refuse(RequestViolation.EMPTY_LINES);
            }
        }
        return false;
    }

    private boolean endOfLines() {
        if (afterCarriageReturn) {
            throw HandshakeException.refuse(HttpViolation.CARRIAGE_RETURN_ALONE);
        }
        skipped = 0;
        return true;
    }
}
