package dev.tenon.ws.suite;

/** An event of the peer, made of {@linkplain Arrival frames}. */
@SuppressWarnings("ArrayRecordComponent") // records of this kind are never compared
sealed interface Event {

    /** A complete, inflated message, and its number of frames. */
    record Message(boolean text, byte[] data, int frames, boolean compressed) implements Event {
        @Override
        public String toString() {
            return (text ? "text" : "binary") + " message of " + data.length + " bytes";
        }
    }

    /** A pong. */
    record Pong(byte[] payload) implements Event {
        @Override
        public String toString() {
            return "pong '" + Octets.dump(payload, 8) + "'";
        }
    }

    /** A Close frame; the code is 1005 if it has none. */
    record Closing(int code, String reason) implements Event {
        @Override
        public String toString() {
            return "Close " + code + (reason.isEmpty() ? "" : " '" + reason + "'");
        }
    }

    /** The end of the connection. */
    record End(String how) implements Event {
        @Override
        public String toString() {
            return how;
        }
    }
}
