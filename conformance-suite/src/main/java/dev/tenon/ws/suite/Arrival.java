package dev.tenon.ws.suite;

/** Input from the peer. */
@SuppressWarnings("ArrayRecordComponent") // records of this kind are never compared
sealed interface Arrival {

    /** A frame; {@code lengthBytes} is 0, 2 or 8. */
    record SeenFrame(int firstByte, boolean masked, int key, int lengthBytes, byte[] payload, long nanos)
            implements Arrival {
        boolean fin() {
            return (firstByte & 0x80) != 0;
        }

        int rsv() {
            return firstByte >> 4 & 7;
        }

        int opcode() {
            return firstByte & 15;
        }

        String describe() {
            return WireFrame.describe(fin(), rsv(), opcode(), payload.length) + (masked ? ", masked" : "");
        }
    }

    /** The end of the stream, or bytes that cannot be frames. */
    record Ended(String how, boolean broken) implements Arrival {}
}
