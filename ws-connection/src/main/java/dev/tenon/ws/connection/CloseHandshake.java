package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How a connection ends (RFC 6455 §7): the state, the outcome, and what has to be written for it. The one place in which a
 * failure becomes a Close frame.
 */
final class CloseHandshake {
    private final Role role;
    private final Wire wire;
    private final Connection connection;

    /** Volatile for those who ask from other threads; only the connection's thread moves it. */
    private volatile CloseState state = CloseState.OPEN;

    private @Nullable CloseEvent outcome;
    /** How many messages were taken from other threads and lost. */
    private int lost;
    /** Whether what waits has been thrown away. */
    private boolean aborted;
    /** Whether the application has ended the connection, so that it wants no more messages than it has asked for. */
    private boolean local;

    CloseHandshake(Role role, Wire wire, Connection connection) {
        this.role = role;
        this.wire = wire;
        this.connection = connection;
    }

    /** Whether frames may be sent. Safe from any thread. */
    boolean sends() {
        return state.sends() && !wire.isBroken();
    }

    /** Whether frames from the peer still count. */
    boolean reads() {
        return state.reads();
    }

    boolean isEnded() {
        return state == CloseState.ENDED;
    }

    /** Whether nothing that was written can leave any more. */
    boolean isLost() {
        return aborted || isEnded();
    }

    boolean isLocal() {
        return local;
    }

    ReadyState readyState() {
        return state.readyState();
    }

    @Nullable
    CloseEvent outcome() {
        return outcome;
    }

    /** The application closes. */
    void close(ClosePayload payload) {
        local = true;
        if (state.sends() && connection.outbound().write(Opcode.CLOSE, payload.encode())) {
            move(CloseState.Event.LOCAL_CLOSE);
        }
    }

    /** A Close frame has come, the first one or an answer. */
    void peerClosed(ClosePayload payload) {
        if (state.sends() && !connection.outbound().write(Opcode.CLOSE, payload.encode())) { // RFC 6455 §5.5.1
            return;
        }
        settle(new CloseEvent(payload.code(), payload.reason(), true, null));
        move(CloseState.Event.PEER_CLOSE);
        if (role == Role.SERVER) { // RFC 6455 §7.1.1: the server ends the transport, the client waits for it
            connection.outbound().finish();
        }
    }

    /**
     * Fails the connection (RFC 6455 §7.1.7).
     *
     * @return false if it had failed or ended already
     */
    boolean fail(CloseCode code, String reason, Throwable cause) {
        if (!state.reads()) {
            return false;
        }
        String sendable = new String(reason.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        settle(new CloseEvent(code, sendable, false, cause));
        ClosePayload payload = ClosePayload.cutToFit(code, sendable);
        if (state.sends() && !connection.outbound().write(Opcode.CLOSE, payload.encode())) {
            return true;
        }
        move(CloseState.Event.FAILURE);
        connection.outbound().shutdownOutput();
        return true;
    }

    /** An outbound stage or the wire has thrown: what was written may be torn, so that nothing can be said any more. */
    void torn(Throwable thrown) {
        abort(thrown);
        connection.tellError(thrown);
    }

    /** Ends the connection at once. */
    void abort(@Nullable Throwable cause) {
        local |= cause == null;
        if (state != CloseState.ENDED) {
            settle(CloseCode.ABNORMAL_CLOSURE, cause);
            move(CloseState.Event.FAILURE);
            aborted = true;
            wire.abort();
            connection.outbound().release(cause);
        }
    }

    /** The peer has ended its direction. */
    void endOfInput() {
        settle(CloseCode.ABNORMAL_CLOSURE, null); // RFC 6455 §7.1.5: so it is without a Close frame
        move(CloseState.Event.FAILURE);
    }

    /** The transport is closed; returns what is told of it. */
    CloseEvent ended(@Nullable IOException cause) {
        CloseEvent event = settle(CloseCode.ABNORMAL_CLOSURE, cause);
        move(CloseState.Event.END);
        return event;
    }

    /** A message that was taken cannot leave any more. */
    void lost() {
        lost++;
    }

    /** The outcome as it is told: an end that looks clean says so if messages were lost before it. */
    CloseEvent told(CloseEvent event) {
        if (lost == 0 || event.cause() != null) {
            return event;
        }
        IOException cause = new IOException("the connection was closed before " + lost + " messages could be sent");
        CloseEvent told = new CloseEvent(event.code(), event.reason(), event.wasClean(), cause);
        outcome = told;
        return told;
    }

    private void move(CloseState.Event event) {
        state = state.after(event);
        connection.closing();
    }

    private CloseEvent settle(CloseCode code, @Nullable Throwable cause) {
        return settle(new CloseEvent(code, "", false, cause));
    }

    /** The first word on how the connection ended is the last one. */
    private CloseEvent settle(CloseEvent event) {
        CloseEvent first = outcome == null ? event : outcome;
        outcome = first;
        return first;
    }
}
