package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
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

    /** What a held message costs beside its bytes. */
    private static final int OVERHEAD = 128;

    private record Held(MessageType type, ByteBuffer payload, boolean last) {
        long cost() {
            return (long) payload.remaining() + OVERHEAD;
        }
    }

    /** What is held, at least one message; while nothing is, there is none of these. */
    private static final class HeldMessages {
        private final Deque<Held> messages = new ArrayDeque<>();
        private long bytes;

        void add(Held message) {
            messages.add(message);
            bytes += message.cost();
        }

        Held remove() {
            Held next = messages.remove();
            bytes -= next.cost();
            return next;
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
    private @Nullable HeldMessages held;
    /** What has to be told as soon as the call under way has returned; null nearly always. */
    private @Nullable Deque<Throwable> errors;

    private boolean calling;
    private boolean writableDue;
    private boolean over;
    private @Nullable CloseEvent end;
    /** Whether what is held at the end, and was not asked for, is dropped. */
    private boolean onlyAsked;

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
        return demand > 0 && held == null && !calling;
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
        if (held == null) {
            held = new HeldMessages();
        }
        ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
        held.add(new Held(type, copy, last));
    }

    /**
     * The end: told at once, or behind the messages that are still held.
     *
     * @param asked whether only those are told that were asked for, and the others dropped
     */
    void end(CloseEvent event, boolean asked) {
        end = event;
        onlyAsked = asked;
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
        return (held == null && demand > 0) || (held == null ? 0 : held.bytes) + joined < HELD_LIMIT;
    }

    boolean streams() {
        return form == Form.PIECES;
    }

    /** Drops what is held: its receiver has failed, or wants no more. */
    void discard() {
        held = null;
        next();
    }

    /** Tells the listener why its connection ends, once the call under way, if there is one, has returned. */
    void error(Throwable thrown) {
        if (over || (errors != null && errors.contains(thrown))) {
            return;
        }
        if (errors == null) {
            errors = new ArrayDeque<>(1);
        }
        errors.add(thrown);
        next();
    }

    /** What the listener throws at that is kept beside it. */
    private void tellError(Deque<Throwable> errors) {
        Throwable thrown = errors.remove();
        if (errors.isEmpty()) {
            this.errors = null;
        }
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
            if (errors != null) {
                tellError(errors);
            } else if (held != null && demand > 0) {
                tell(take(held));
            } else if (end != null && (held == null || onlyAsked)) {
                held = null;
                close(end);
            } else if (writableDue) {
                writableDue = false;
                call(WRITABLE, NONE);
            } else {
                return;
            }
        }
    }

    private Held take(HeldMessages held) {
        Held next = held.remove();
        if (held.messages.isEmpty()) {
            this.held = null;
        }
        return next;
    }

    private void tell(Held next) {
        tell(next.type, next.payload, next.last);
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
            connection.listenerFailed(new ListenerException(thrown));
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
            connection.listenerFailed(new ListenerException(thrown));
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
