package dev.tenon.ws.transport;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.HandshakeException;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Receives events for the flight recorder. This module does not need {@code jdk.jfr}: without it, events are dropped,
 * and no class that uses it is loaded. Thread-safe.
 */
public interface Recorder {
    /**
     * The recorder for this JVM.
     *
     * @return a recorder that writes to the flight recorder, or one that drops all events
     */
    static Recorder here() {
        return Here.RECORDER;
    }

    /** Loads the recorder at its first use. */
    final class Here {
        private static final Recorder RECORDER =
                isReadable(ModuleLayer.boot().findModule("jdk.jfr")) ? new FlightRecorder() : new Recorder() {};

        private Here() {}

        private static boolean isReadable(Optional<Module> jfr) {
            return jfr.isPresent() && Recorder.class.getModule().canRead(jfr.get());
        }
    }

    /** A time in which bytes wait for a slow peer. */
    interface Stall {
        /** The bytes have been sent or dropped. */
        void over();
    }

    /**
     * A WebSocket connection is open.
     *
     * @param session the connection
     * @param role this end's role
     * @param transport the connection's transport
     */
    default void opened(WebSocket session, Role role, Transport transport) {}

    /**
     * A WebSocket connection has ended.
     *
     * @param session the connection
     * @param event the reason
     */
    default void closed(WebSocket session, CloseEvent event) {}

    /**
     * A server has refused a request.
     *
     * @param transport the transport of the request
     * @param target the request's path, or null if the request line was not read
     * @param refusal the reason and the response
     */
    default void refused(Transport transport, @Nullable String target, HandshakeException refusal) {}

    /**
     * Bytes begin to wait for a peer.
     *
     * @param remote the peer's address, or null if it is not known
     * @return an object to call at the end of the stall, or null
     */
    default @Nullable Stall stalled(@Nullable SocketAddress remote) {
        return null;
    }
}
