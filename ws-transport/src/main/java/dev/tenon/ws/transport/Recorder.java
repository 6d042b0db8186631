package dev.tenon.ws.transport;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.HandshakeException;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the flight recorder is told. Without {@code jdk.jfr}, which this module does not need, nobody is told, and no class
 * that names it is ever loaded. Thread-safe.
 */
public interface Recorder {
    /**
     * The flight recorder, where there is one.
     *
     * @return tells it, or nobody
     */
    static Recorder here() {
        return Here.RECORDER;
    }

    /** Found when it is asked for first. */
    final class Here {
        private static final Recorder RECORDER =
                isReadable(ModuleLayer.boot().findModule("jdk.jfr")) ? new FlightRecorder() : new Recorder() {};

        private Here() {}

        private static boolean isReadable(Optional<Module> jfr) {
            return jfr.isPresent() && Recorder.class.getModule().canRead(jfr.get());
        }
    }

    /** Bytes wait for a peer that is slower than this end. */
    interface Stall {
        /** They have left, or never will. */
        void over();
    }

    /**
     * A WebSocket connection is open.
     *
     * @param session the connection
     * @param role this end's role
     * @param transport what it lives on
     */
    default void opened(WebSocket session, Role role, Transport transport) {}

    /**
     * A WebSocket connection has ended.
     *
     * @param session the connection
     * @param event how
     */
    default void closed(WebSocket session, CloseEvent event) {}

    /**
     * A server has refused a request.
     *
     * @param transport what it came on
     * @param target the request's path, or null if it did not get that far
     * @param refusal why, and the response
     */
    default void refused(Transport transport, @Nullable String target, HandshakeException refusal) {}

    /**
     * Bytes begin to wait for a peer.
     *
     * @param remote the peer's address, or null if it is not known
     * @return is told the end; null if nobody wants to know
     */
    default @Nullable Stall stalled(@Nullable SocketAddress remote) {
        return null;
    }
}
