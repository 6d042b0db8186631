package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Calls the listener: one call at a time, in order, no more messages than it has requested, and nothing after the end.
 * An exception of the listener ends only its own connection. A bounded number of message bytes without demand is held
 * here, so that later control frames are still processed.
 */
final class Delivery {
    /** With this many held bytes (each message counts some more), reading stops. */
    static final int HELD_LIMIT = 64 * 1024;

    /** The form in which a listener receives messages. */
    private enum Form {
        STRINGS,
        UTF8,
        PIECES;

        static Form of(WebSocketListener listener) {
            if (listener instanceof StreamingListener) {
                return PIECES;
            }
            return listener instanceof Utf8Listener ? UTF8 : STRINGS;
        }
    }

    /** A call without a message. The kinds of call are constants, so that a call allocates nothing. */
    private interface Call {
        void on(WebSocketListener listener, WebSocket session, ByteBuffer payload) throws Exception;
    }

    private static final Call OPEN = (listener, session, none) -> listener.onOpen(session);
    private static final Call WRITABLE = (listener, session, none) -> listener.onWritable(session);
    private static final Call PING = WebSocketListener::onPing;
    private static final Call PONG = WebSocketListener::onPong;
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final WebSocketListener listener;
    private final Form form;
    private final WebSocket session;
    private final ThreadContext threadContext;
    private final Connection connection;
    private long demand;
    /** Null in most cases. */
    private @Nullable Undelivered undelivered;

    private boolean calling;
    private boolean writableDue;
    private boolean over;

    Delivery(WebSocketListener listener, WebSocket session, ThreadContext threadContext, Connection connection) {
        this.listener = listener;
        this.form = Form.of(listener);
        this.session = session;
        this.threadContext = threadContext;
        this.connection = connection;
        this.demand = initialDemand(listener);
    }

    /** Returns the number of messages that a listener requests before its first call. */
    static long initialDemand(WebSocketListener listener) {
        long messages = listener.initialDemand();
        if (messages < 0) {
            throw new IllegalArgumentException("an initial demand is not negative: " + messages);
        }
        return messages;
    }

    void open() {
        call(OPEN, NONE);
    }

    void ping(ByteBuffer payload) {
        call(PING, payload);
    }

    void pong(ByteBuffer payload) {
        call(PONG, payload);
    }

    void writable() {
        writableDue = true;
        next();
    }

    /** Whether a call of the listener is in progress. */
    boolean isCalling() {
        return calling;
    }

    /** Whether a message can be delivered now; otherwise it has to be held. */
    boolean isReady() {
        return demand > 0 && undelivered == null && !calling;
    }

    Connection connection() {
        return connection;
    }

    /** Returns the listener if it calls the application on an executor, or null. */
    @Nullable
    SerialListener serial() {
        return listener instanceof SerialListener serial ? serial : null;
    }

    private Undelivered undelivered() {
        if (undelivered == null) {
            undelivered = new Undelivered();
        }
        return undelivered;
    }

    /**
     * Holds a copy of a message, or of a piece of one if the listener streams.
     *
     * @throws dev.tenon.ws.frame.ProtocolException 1007 if a whole text is not UTF-8
     */
    void hold(MessageType type, ByteBuffer payload, boolean last) {
        if (type == MessageType.TEXT && !streams()) {
            Utf8Validator.requireWhole(payload); // an accepted text must not fail later
        }
        undelivered().hold(type, payload, last);
    }

    /**
     * Delivers the end, at once or after the held messages.
     *
     * @param dropUnrequested whether held messages that the listener has not requested are dropped
     */
    void end(CloseEvent event, boolean dropUnrequested) {
        undelivered().end(event, dropUnrequested);
        next();
    }

    /** Adds demand, and delivers messages that were held for lack of demand. */
    void request(long messages) {
        demand = demand + messages < 0 ? Long.MAX_VALUE : demand + messages;
        next();
    }

    /**
     * Whether more may come: there is demand and no held message, or few bytes are held.
     *
     * @param joined the number of stored bytes of a message in assembly
     */
    boolean hasRoom(int joined) {
        Undelivered waiting = undelivered;
        if (waiting == null) {
            return demand > 0 || joined < HELD_LIMIT;
        }
        return (demand > 0 && !waiting.hasMessages()) || waiting.bytes() + joined < HELD_LIMIT;
    }

    boolean streams() {
        return form == Form.PIECES;
    }

    /** Drops the held messages, because the listener has failed or the application has ended the connection. */
    void discard() {
        if (undelivered != null) {
            undelivered.dropMessages();
        }
        next();
    }

    /** Calls {@code onError}, after the current call of the listener, if there is one, has returned. */
    void error(Throwable thrown) {
        if (!over) {
            undelivered().addError(thrown);
            next();
        }
    }

    /** Calls {@code onError}. An exception of that call is added to the error as suppressed. */
    private void reportError(Throwable thrown) {
        calling = true;
        try {
            listener.onError(session, thrown);
        } catch (Throwable again) {
            if (again != thrown) {
                thrown.addSuppressed(again);
            }
        } finally {
            calling = false;
        }
    }

    /** Makes the calls that wait, until none can be made or a call is in progress. */
    void next() {
        while (!calling && !over) {
            Undelivered waiting = undelivered;
            if (waiting != null && deliverNext(waiting)) {
                continue;
            }
            if (!writableDue) {
                return;
            }
            writableDue = false;
            call(WRITABLE, NONE);
        }
    }

    /** Makes the next call that waits; returns false if no call can be made now. */
    private boolean deliverNext(Undelivered waiting) {
        Throwable error = waiting.nextError();
        if (error != null) {
            forgetIfEmpty(waiting);
            reportError(error);
            return true;
        }
        if (demand > 0 && waiting.hasMessages()) {
            Undelivered.Held next = waiting.nextMessage();
            forgetIfEmpty(waiting);
            deliver(next.type(), next.payload(), next.last());
            return true;
        }
        CloseEvent end = waiting.dueEnd();
        if (end != null) {
            undelivered = null;
            close(end);
            return true;
        }
        forgetIfEmpty(waiting);
        return false;
    }

    private void forgetIfEmpty(Undelivered waiting) {
        if (waiting.isEmpty()) {
            undelivered = null;
        }
    }

    /**
     * Delivers a message, or a piece of one if the listener streams. Only when {@linkplain #isReady() ready}. The
     * caller calls {@link #next} afterwards.
     *
     * @throws dev.tenon.ws.frame.ProtocolException 1007 if a whole text is not UTF-8
     */
    void deliver(MessageType type, ByteBuffer payload, boolean last) {
        String text = null;
        if (type == MessageType.TEXT && form == Form.STRINGS) {
            text = threadContext.decodeUtf8(payload);
        } else if (type == MessageType.TEXT && form == Form.UTF8) {
            Utf8Validator.requireWhole(payload);
        }
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        payload.order(ByteOrder.BIG_ENDIAN); // earlier users of this buffer may have changed the order
        calling = true;
        try {
            if (text != null) {
                listener.onText(session, text);
            } else if (form == Form.PIECES) {
                ((StreamingListener) listener).onPiece(session, type, payload, last);
            } else if (type == MessageType.TEXT) {
                ((Utf8Listener) listener).onText(session, payload);
            } else {
                listener.onBinary(session, payload);
            }
        } catch (Throwable thrown) {
            connection.handshake().listenerFailed(new ListenerException(thrown));
        } finally {
            calling = false;
        }
    }

    private void call(Call kind, ByteBuffer payload) {
        if (over) {
            return;
        }
        payload.order(ByteOrder.BIG_ENDIAN);
        calling = true;
        try {
            kind.on(listener, session, payload);
        } catch (Throwable thrown) {
            connection.handshake().listenerFailed(new ListenerException(thrown));
        } finally {
            calling = false;
        }
        next();
    }

    private void close(CloseEvent event) {
        over = true;
        calling = true;
        try {
            listener.onClose(session, event);
        } catch (Throwable thrown) { // goes to the transport, because the connection has ended
            throw ListenerException.unchecked(thrown);
        } finally {
            calling = false;
        }
    }
}
