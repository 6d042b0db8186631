package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listener what happens: one call at a time, in order, messages only as many as it has asked for, and nothing
 * after the end. What it throws ends its own connection and nothing else. A bounded amount of what comes without demand
 * is held here, so that control frames behind it are still seen.
 */
final class Delivery {
    /** From here on, held bytes (each message counts some more) stop the reading. */
    static final int HELD_LIMIT = 64 * 1024;

    /** How a listener takes messages. */
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

    /** A call without a message; its kinds are constants, so that a call allocates nothing. */
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
    /** Null nearly always. */
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

    /** What a listener asks for before it is told anything. */
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

    /** Whether the listener is being called. */
    boolean isCalling() {
        return calling;
    }

    /** Whether a message can be told now; else it has to be held. */
    boolean isReady() {
        return demand > 0 && undelivered == null && !calling;
    }

    Connection connection() {
        return connection;
    }

    /** Calls the listener elsewhere than on the connection's thread, or null. */
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
            Utf8Validator.requireWhole(payload); // what is accepted now must not turn out to be malformed later
        }
        undelivered().hold(type, payload, last);
    }

    /**
     * The end: told at once, or behind the messages that are still held.
     *
     * @param asked whether only those are told that were asked for, and the others dropped
     */
    void end(CloseEvent event, boolean asked) {
        undelivered().end(event, asked);
        next();
    }

    /** Adds demand, and tells what was held for lack of it. */
    void request(long messages) {
        demand = demand + messages < 0 ? Long.MAX_VALUE : demand + messages;
        next();
    }

    /**
     * Whether more may come: there is demand and nothing before it, or little is held.
     *
     * @param joined the bytes that are held of a message which is being joined
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

    /** Drops the messages that are held: their receiver has failed, or wants no more. */
    void discard() {
        if (undelivered != null) {
            undelivered.dropMessages();
        }
        next();
    }

    /** Tells the listener why its connection ends, once the call under way, if there is one, has returned. */
    void error(Throwable thrown) {
        if (!over) {
            undelivered().addError(thrown);
            next();
        }
    }

    /** What the listener throws at that is kept beside it. */
    private void tellError(Throwable thrown) {
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

    /** Does what had to wait, until nothing can be done or a call is under way. */
    void next() {
        while (!calling && !over) {
            Undelivered waiting = undelivered;
            if (waiting != null && tellNext(waiting)) {
                continue;
            }
            if (!writableDue) {
                return;
            }
            writableDue = false;
            call(WRITABLE, NONE);
        }
    }

    /** Tells the oldest of what waits; returns false if none of it can be told now. */
    private boolean tellNext(Undelivered waiting) {
        Throwable error = waiting.nextError();
        if (error != null) {
            forgetIfEmpty(waiting);
            tellError(error);
            return true;
        }
        if (demand > 0 && waiting.hasMessages()) {
            Undelivered.Held next = waiting.nextMessage();
            forgetIfEmpty(waiting);
            tell(next.type(), next.payload(), next.last());
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
     * Tells a message, or a piece of one if the listener streams. Only when {@linkplain #isReady() ready}; {@link #next}
     * has to follow.
     *
     * @throws dev.tenon.ws.frame.ProtocolException 1007 if a whole text is not UTF-8
     */
    void tell(MessageType type, ByteBuffer payload, boolean last) {
        String text = null;
        if (type == MessageType.TEXT && form == Form.STRINGS) {
            text = threadContext.decodeUtf8(payload);
        } else if (type == MessageType.TEXT && form == Form.UTF8) {
            Utf8Validator.requireWhole(payload);
        }
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        payload.order(ByteOrder.BIG_ENDIAN); // others may have had this buffer before
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
        } catch (Throwable thrown) { // goes to the transport: the connection has ended, and nobody else is left
            throw ListenerException.unchecked(thrown);
        } finally {
            calling = false;
        }
    }
}
