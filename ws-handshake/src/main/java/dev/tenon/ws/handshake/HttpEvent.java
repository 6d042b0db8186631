package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;

/** An event of an {@link HttpConnection}. */
public sealed interface HttpEvent {
    /**
     * The head of a request was read. The server continues with {@link HttpConnection#readBody}, {@link
     * HttpConnection#respond}, {@link HttpConnection#refuse} or {@link HttpConnection#upgrade}.
     *
     * @param request the head
     */
    record Head(HttpRequest request) implements HttpEvent {}

    /**
     * A request was read completely. The server continues with {@link HttpConnection#respond} or {@link
     * HttpConnection#refuse}, now or later.
     *
     * @param request the head
     * @param body the body, read-only; the receiver may keep it
     */
    record Request(HttpRequest request, ByteBuffer body) implements HttpEvent {}

    /**
     * The server must send bytes.
     *
     * @param bytes from position to limit; the receiver may keep them
     */
    record Send(ByteBuffer bytes) implements HttpEvent {}

    /**
     * All bytes of a streamed response ({@link HttpConnection#startBody}) have been sent. The server continues with
     * {@link HttpConnection#sendBody}, now or later.
     *
     * @param remaining how many bytes of the body are missing
     */
    record WantsBody(long remaining) implements HttpEvent {}

    /**
     * The connection has refused a request by itself; the response follows as {@link Send}.
     *
     * @param refusal the status and the reason
     */
    record Refused(HandshakeException refusal) implements HttpEvent {}

    /** The current request gets no response: its client has left, or the response was too late. */
    record Cancelled() implements HttpEvent {}

    /** The server must shut its output down after all bytes; the client may still send. */
    record EndOutput() implements HttpEvent {}

    /**
     * The server must close the transport. The last event, except that an abort follows if the transport does not close
     * because the client reads nothing.
     *
     * @param abort whether bytes that wait to be sent are discarded
     */
    record Close(boolean abort) implements HttpEvent {}
}
