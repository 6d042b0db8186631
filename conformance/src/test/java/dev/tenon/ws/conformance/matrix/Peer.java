package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Another implementation in one role, as its users get it.
 *
 * @param name its name in the table
 * @param version its version
 * @param start connects to Tenon, or listens for it
 * @param traits what is to be known about it
 * @param longest the longest message to try, in bytes
 */
record Peer<S>(String name, Version version, S start, Set<Trait> traits, int longest) {
    /** What is to be known about a peer. */
    enum Trait {
        /** It also connects by TLS. */
        TLS,
        /** It knows the opening handshake and no frames. */
        HANDSHAKE_ONLY,
        /** It cannot send back an empty message. */
        NOT_EMPTY,
        /** It ends the connection now and then without a response to a Close frame. */
        MAY_NOT_ANSWER,
        /** Its version is what the system has, and not what the build asks for. */
        OF_THE_SYSTEM
    }

    Peer(String name, Version version, S start, Trait... traits) {
        this(name, version, start, Set.of(traits), 1 << 20);
    }

    boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** This peer, known not to take longer messages, and slow to say so. */
    Peer<S> withLongest(int length) {
        return new Peer<>(name, version, start, traits, length);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Finds a version. Where the peer is missing, the test is skipped, and says what is missing. */
    interface Version {
        String find() throws Exception;
    }

    /** Connects an echo to a server of Tenon. */
    interface Client {
        /**
         * Begins to connect; the server sees when it has connected.
         *
         * @param certificate what to trust, or null for ws
         * @return ends what was started
         */
        Stop connect(String url, Ear ear, @Nullable Certificate certificate) throws Exception;
    }

    /** Starts a server that echoes at {@code /}. */
    interface Server {
        /**
         * Listens on a port of 127.0.0.1.
         *
         * @param certificate what to show, or null for ws
         */
        Listening listen(Ear ear, @Nullable Certificate certificate) throws Exception;
    }

    /** A server that listens. */
    record Listening(int port, Stop stop) {}
}
