package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Another implementation in one role, with its defaults.
 *
 * @param name its name in the table
 * @param version its version
 * @param start connects to Tenon, or listens for it
 * @param traits its special properties
 * @param longest the longest message to try, in bytes
 */
record Peer<S>(String name, Version version, S start, Set<Trait> traits, int longest) {
    /** The special properties of a peer. */
    enum Trait {
        /** It also connects over TLS. */
        TLS,
        /** It implements the opening handshake, but no frames. */
        HANDSHAKE_ONLY,
        /** It cannot echo an empty message. */
        NOT_EMPTY,
        /** It sometimes ends the connection without a response to a Close frame. */
        MAY_NOT_ANSWER,
        /** The system determines its version, not the build. */
        OF_THE_SYSTEM,
        /** Another row of its table has nearly the same code, or it takes long to start: only a test of all rows has it. */
        ONLY_WITH_ALL
    }

    Peer(String name, Version version, S start, Trait... traits) {
        this(name, version, start, Set.of(traits), 1 << 20);
    }

    boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** Returns this peer for a test of all rows only. */
    Peer<S> onlyWithAll() {
        Set<Trait> more = EnumSet.of(Trait.ONLY_WITH_ALL);
        more.addAll(traits);
        return new Peer<>(name, version, start, more, longest);
    }

    /** Returns this peer with a limit of the message length. Such a peer rejects longer messages only slowly. */
    Peer<S> withLongest(int length) {
        return new Peer<>(name, version, start, traits, length);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Finds the version of a peer. If the peer is missing, the test is skipped with a message that names it. */
    interface Version {
        String find() throws Exception;
    }

    /** Connects an echo to a server of Tenon. */
    interface Client {
        /**
         * Starts to connect; the server notices when the connection is open.
         *
         * @param certificate the certificate to trust, or null for ws
         * @return stops the client
         */
        Stop connect(String url, EventLog eventLog, @Nullable Certificate certificate) throws Exception;
    }

    /** Starts a server that echoes at {@code /}. */
    interface Server {
        /**
         * Listens on a port of 127.0.0.1.
         *
         * @param certificate the server's certificate, or null for ws
         */
        RunningServer listen(EventLog eventLog, @Nullable Certificate certificate) throws Exception;
    }

    /** A server that listens. */
    record RunningServer(int port, Stop stop) {}
}
