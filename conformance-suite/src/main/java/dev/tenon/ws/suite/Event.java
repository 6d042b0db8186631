package dev.tenon.ws.suite;

/** What the peer has done, made of {@linkplain Arrival frames}. */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
sealed interface Event {

    /** A whole message, inflated, in so many frames. */
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

    /** A Close frame; the code is 1005 if there is none in it. */
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
