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
 * How a connection ends (RFC 6455 §7): the state, the outcome, and what has to be written and told for it. The one place in
 * which a failure becomes a Close frame.
 *
 * <p>For the connection's own thread, but for {@link #isOpen} and {@link #readyState}, which are safe from any.
 */
final class CloseHandshake {
    private static final VarHandle STATE = FieldHandle.of(MethodHandles.lookup(), "state", CloseState.class);

    private final Wire wire;
    private final Connection connection;
    private final boolean isServer;

    /**
     * Only the connection's thread changes it, so that plain reads suffice there, of which a message needs several. Other
     * threads read it through {@link #STATE}.
     */
    private CloseState state = CloseState.OPEN;

    private @Nullable CloseEvent outcome;
    /** Whether what waits has been thrown away. */
    private boolean aborted;
    /** Whether something that was sent had not left when the connection ended. */
    private boolean unsent;
    /** Whether the application has ended the connection, so that it wants no more messages than it has asked for. */
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

    /** Whether frames from the peer still count. */
    boolean reads() {
        return state.reads();
    }

    /** Whether frames may be sent, as another thread sees it. */
    boolean isOpen() {
        return ((CloseState) STATE.getVolatile(this)).sends() && !wire.isBroken();
    }

    /** The state in the words of a browser, as any thread sees it. */
    ReadyState readyState() {
        return ((CloseState) STATE.getVolatile(this)).readyState();
    }

    boolean isEnded() {
        return state == CloseState.ENDED;
    }

    /** Whether nothing that was written can leave any more. */
    boolean isLost() {
        return aborted || isEnded() || wire.isBroken();
    }

    /** Whether the application has ended the connection. */
    boolean isLocal() {
        return local;
    }

    /** How the connection has ended, or will; null while nothing speaks for an end. */
    @Nullable
    CloseEvent outcome() {
        return outcome;
    }

    // In good order

    /** The application closes. */
    void close(ClosePayload payload) {
        local = true;
        if (state.sends() && connection.outbound().write(Opcode.CLOSE, payload.encode())) {
            move(CloseState.Event.LOCAL_CLOSE);
        }
        if (isEnded()) {
            connection.delivery().discard();
        }
    }

    /** A Close frame has come, the first one or an answer. What other threads have sent before leaves before the answer. */
    void peerClosed(ClosePayload payload) {
        connection.flushMailbox();
        if (state.sends() && !connection.outbound().write(Opcode.CLOSE, payload.encode())) { // RFC 6455 §5.5.1
            return;
        }
        settle(new CloseEvent(payload.code(), payload.reason(), true, null));
        move(CloseState.Event.PEER_CLOSE);
        if (isServer) { // RFC 6455 §7.1.1: the server ends the transport, the client waits for it
            connection.outbound().finish();
        }
    }

    /** The peer has ended its direction. */
    void endOfInput() {
        settle(CloseCode.ABNORMAL_CLOSURE, null); // RFC 6455 §7.1.5: so it is without a Close frame
        move(CloseState.Event.FAILURE);
    }

    // Failures

    /** The peer has broken a rule. */
    void fail(ProtocolException violation) {
        fail(violation.closeCode(), Objects.requireNonNullElse(violation.getMessage(), ""), violation);
    }

    /** A message was not taken, and its sender is not told otherwise. */
    void overflow() {
        String why = "more than " + connection.options().outboundLimit() + " bytes would wait to be sent";
        fail(CloseCode.TRY_AGAIN_LATER, "", new IOException(why));
    }

    private void fail(CloseCode code, String reason, Throwable cause) {
        if (failed(code, reason, cause)) {
            connection.delivery().error(cause);
            connection.inbound().resumeIfWanted();
        }
    }

    /** The listener has thrown, or cannot be called: it is told so before its next call. */
    void listenerFailed(ListenerException failure) {
        connection.delivery().discard();
        failInternally(failure);
    }

    /** This end cannot go on; the listener is told even if the connection had failed or ended before. */
    void failInternally(Throwable thrown) {
        failed(CloseCode.INTERNAL_ERROR, "", thrown);
        connection.delivery().error(thrown);
        connection.inbound().resumeIfWanted();
    }

    /** Fails the connection (RFC 6455 §7.1.7); returns false if it had failed or ended already. */
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

    /** An outbound stage or the wire has thrown: what was written may be torn, so that nothing can be said any more. */
    void torn(Throwable thrown) {
        abort(thrown);
        connection.delivery().error(thrown);
    }

    /**
     * The peer has not ended the connection in time. A Close frame of this end that waits behind a message in pieces, which
     * has not ended, may be sent between two of them: then the peer has once more as much time.
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

    /** A deadline has passed: nothing more is expected of the peer. */
    void giveUp(String why) {
        IOException cause = new IOException(why);
        abort(cause);
        connection.delivery().error(cause);
    }

    /** Ends the connection at once; without a cause, because the application wants it. */
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

    /** The transport is closed; returns what was settled about it. */
    CloseEvent ended(@Nullable IOException cause) {
        CloseEvent event = settle(CloseCode.ABNORMAL_CLOSURE, cause);
        unsent |= connection.outbound().backlog() > 0;
        move(CloseState.Event.END);
        return event;
    }

    /** The outcome as the application is told it: an end that looks clean says so if messages were lost before it. */
    CloseEvent told(CloseEvent event, int lost) {
        if ((lost == 0 && !unsent) || event.cause() != null) {
            return event;
        }
        String what = lost == 0 ? "all that was sent had left" : lost + " messages could be sent";
        IOException cause = new IOException("the connection was closed before " + what);
        CloseEvent told = new CloseEvent(event.code(), event.reason(), event.wasClean(), cause);
        outcome = told;
        return told;
    }

    /** From the first step out of open on, a deadline runs. */
    private void move(CloseState.Event event) {
        STATE.setVolatile(this, state.after(event)); // before the end looks for a mailbox
        connection.liveness().closing();
        wire.updateDeadline();
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
