package dev.tenon.ws.conformance.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One connection of a peer: echoes all messages, except three texts that are commands. Peers in processes of their own
 * do the same.
 */
abstract class Echo {
    static final String CLOSE = "close";
    static final String PING = "ping";
    static final String FRAGMENTS = "fragments";
    static final String MISSING = "the API has no such call";

    private static final String[] WORDS = {"in ", "three ", "frames"};

    /** Echoes a text, or executes the command. */
    final void onText(String text) {
        try {
            switch (text) {
                case CLOSE -> close(4000, "as you wish");
                case PING -> response(ping("marco".getBytes(UTF_8)));
                case FRAGMENTS -> response(fragments(WORDS));
                default -> send(text);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void response(boolean done) throws Exception {
        if (!done) {
            send(MISSING);
        }
    }

    /** Sends a text message. */
    abstract void send(String text) throws Exception;

    /** Starts the closing handshake. */
    abstract void close(int code, String reason) throws Exception;

    /** Sends a ping; returns false if the API cannot do that. */
    boolean ping(byte[] payload) throws Exception {
        return false;
    }

    /** Sends a text message in several frames; returns false if the API cannot do that. */
    boolean fragments(String... pieces) throws Exception {
        return false;
    }
}
