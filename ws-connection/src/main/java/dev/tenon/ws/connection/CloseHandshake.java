package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection (RFC 6455 §7): the state and the outcome, and the Close frames and error calls for it. This
 * is the only place where a failure becomes a Close frame.
 *
 * <p>For the connection's own thread only, except {@link #isOpen} and {@link #readyState}, which are safe from any
 * thread.
 */
final class CloseHandshake {
    private static final VarHandle STATE = FieldHandle.of(MethodHandles.lookup(), "state", CloseState.class);

    private final Wire wire;
    private final Connection connection;
    private final boolean isServer;

    /**
     * Only the connection's thread changes this field, so plain reads suffice on that thread, which reads it several
     * times for each message. Other threads read it through {@link #STATE}.
     */
    private CloseState state = CloseState.OPEN;

    private @Nullable CloseEvent outcome;
    /** Whether the bytes that waited have been dropped. */
    private boolean aborted;
    /** Whether some bytes had not been sent when the connection ended. */
    private boolean unsent;
    /**
     * Whether the application has ended the connection. Then messages that it has not requested are dropped at the end.
     */
    private boolean local;

    CloseHandshake(Role role, Wire wire, Connection connection) {
        this.isServer = role == Role.SERVER;
        this.wire = wire;
        this.connection = connection;
    }

    // The state

    /** Whether frames may be sent. */
    boolean sends() {
        return state.sends() && !wire.isBroken();
    }

    /** Whether frames from the peer are still processed. */
    boolean reads() {
        return state.reads();
    }

    /** Whether frames may be sent, as another thread sees it. */
    boolean isOpen() {
        return ((CloseState) STATE.getVolatile(this)).sends() && !wire.isBroken();
    }

    /** The state with the names of a browser, as any thread sees it. */
    ReadyState readyState() {
        return ((CloseState) STATE.getVolatile(this)).readyState();
    }

    boolean isEnded() {
        return state == CloseState.ENDED;
    }

    /** Whether written bytes can no longer be sent. */
    boolean isLost() {
        return aborted || isEnded() || wire.isBroken();
    }

    /** A close of the application was lost, because the transport ended first. */
    void closeLost() {
        local = true;
    }

    /** Whether the application has ended the connection. */
    boolean isLocal() {
        return local;
    }

    /** How the connection has ended or will end; null while no end has begun. */
    @Nullable
    CloseEvent outcome() {
        return outcome;
    }

    // The closing handshake

    /** The application closes the connection: sends a Close frame. */
    void close(ClosePayload payload) {
        local = true;
        if (state.sends() && connection.outbound().write(Opcode.CLOSE, payload.encode())) {
            move(CloseState.Event.LOCAL_CLOSE);
        }
        if (isEnded()) {
            connection.delivery().discard();
        }
    }

    /**
     * A Close frame has arrived, the first one or an answer. Earlier sends of other threads are written before the
     * answer.
     */
    void peerClosed(ClosePayload payload) {
        connection.flushMailbox();
        if (state.sends() && !connection.outbound().write(Opcode.CLOSE, payload.encode())) { // RFC 6455 §5.5.1
            return;
        }
        settle(new CloseEvent(payload.code(), payload.reason(), true, null));
        move(CloseState.Event.PEER_CLOSE);
        if (isServer) { // RFC 6455 §7.1.1: the server ends the transport, the client waits for that
            connection.outbound().finish();
        }
    }

    /** The peer has ended its direction. */
    void endOfInput() {
        settle(CloseCode.ABNORMAL_CLOSURE, null); // RFC 6455 §7.1.5: the code if no Close frame arrived
        move(CloseState.Event.FAILURE);
    }

    // Failures

    /** The peer has broken a rule. */
    void fail(ProtocolException violation) {
        fail(violation.closeCode(), Objects.requireNonNullElse(violation.getMessage(), ""), violation);
    }

    /** A message was refused, and its sender gets no result: the connection fails, unless no message can follow. */
    void overflow() {
        if (!sends()) {
            return;
        }
        String reason = "more than " + connection.options().outboundLimit() + " bytes would wait to be sent";
        fail(CloseCode.TRY_AGAIN_LATER, "", new IOException(reason));
    }

    private void fail(CloseCode code, String reason, Throwable cause) {
        if (failed(code, reason, cause)) {
            connection.delivery().error(cause);
            connection.inbound().resumeIfWanted();
        }
    }

    /**
     * The listener has thrown, or its executor has refused a call. {@code onError} is the next call of the listener.
     */
    void listenerFailed(ListenerException failure) {
        connection.delivery().discard();
        failInternally(failure);
    }

    /** This end cannot continue. The listener gets the error even if the connection had already failed or ended. */
    void failInternally(Throwable thrown) {
        failed(CloseCode.INTERNAL_ERROR, "", thrown);
        connection.delivery().error(thrown);
        connection.inbound().resumeIfWanted();
    }

    /** Fails the connection (RFC 6455 §7.1.7); returns false if it had already failed or ended. */
    private boolean failed(CloseCode code, String reason, Throwable cause) {
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

    /** An outbound stage or the wire has thrown. A frame may be incomplete on the wire, so no frame can follow it. */
    void torn(Throwable thrown) {
        abort(thrown);
        connection.delivery().error(thrown);
    }

    /**
     * The peer has not ended the connection in time. If a Close frame of this end still waits for the end of a message
     * in pieces, it is sent now, between two pieces. Then the peer gets the close timeout once more.
     */
    void timedOut() {
        Mailbox mailbox = connection.mailbox();
        if (mailbox == null || !sends()) {
            giveUp("the peer has not ended the connection in time");
            return;
        }
        mailbox.stopWaiting();
        connection.liveness().closeSent();
    }

    /** A deadline has passed: aborts the connection. */
    void giveUp(String reason) {
        IOException cause = new IOException(reason);
        abort(cause);
        connection.delivery().error(cause);
    }

    /** Ends the connection at once. The cause is null if the application has requested this. */
    void abort(@Nullable Throwable cause) {
        local |= cause == null;
        if (state != CloseState.ENDED) {
            settle(CloseCode.ABNORMAL_CLOSURE, cause);
            move(CloseState.Event.FAILURE);
            aborted = true;
            unsent |= connection.outbound().backlog() > 0;
            wire.abort();
            connection.outbound().release(cause);
        }
    }

    // The end of the transport

    /** The transport is closed; returns the outcome of the connection. */
    CloseEvent ended(@Nullable IOException cause) {
        CloseEvent event = settle(CloseCode.ABNORMAL_CLOSURE, cause);
        unsent |= connection.outbound().backlog() > 0;
        move(CloseState.Event.END);
        return event;
    }

    /** Returns the outcome for the application. If messages were lost and the outcome has no cause, it gets one. */
    CloseEvent withLostMessages(CloseEvent event, int lost) {
        if ((lost == 0 && !unsent) || event.cause() != null) {
            return event;
        }
        String what = lost == 0 ? "all that was sent had left" : lost + " messages could be sent";
        IOException cause = new IOException("the connection was closed before " + what);
        CloseEvent reportedEvent = new CloseEvent(event.code(), event.reason(), event.wasClean(), cause);
        outcome = reportedEvent;
        return reportedEvent;
    }

    /** Changes the state. */
    private void move(CloseState.Event event) {
        STATE.setVolatile(this, state.after(event)); // before the end reads the mailbox field
        startDeadline();
    }

    /** Starts the close deadline, unless it has started already: at the change of the state, or when a close waits. */
    void startDeadline() {
        connection.liveness().closing();
        wire.updateDeadline();
    }

    private CloseEvent settle(CloseCode code, @Nullable Throwable cause) {
        return settle(new CloseEvent(code, "", false, cause));
    }

    /** Sets the outcome, unless it is already set: the first outcome is final. */
    private CloseEvent settle(CloseEvent event) {
        CloseEvent first = outcome == null ? event : outcome;
        outcome = first;
        return first;
    }
}
