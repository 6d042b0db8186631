package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;

/** What an {@link HttpConnection} has to tell, in the order in which it happened. */
public sealed interface HttpEvent {
    /**
     * The head of a request was read. The server goes on with {@link HttpConnection#readBody}, {@link
     * HttpConnection#respond}, {@link HttpConnection#refuse} or {@link HttpConnection#upgrade}.
     *
     * @param request the head
     */
    record Head(HttpRequest request) implements HttpEvent {}

    /**
     * A request was read in full. The server goes on with {@link HttpConnection#respond} or {@link
     * HttpConnection#refuse}, now or later.
     *
     * @param request the head
     * @param body the body; read-only, and the receiver's to keep
     */
    record Request(HttpRequest request, ByteBuffer body) implements HttpEvent {}

    /**
     * Bytes are to be sent.
     *
     * @param bytes from position to limit; the receiver's to keep
     */
    record Send(ByteBuffer bytes) implements HttpEvent {}

    /**
     * All has left of a response that was given to {@link HttpConnection#startBody}: the next piece of its body is wanted, by
     * {@link HttpConnection#sendBody}, now or later.
     *
     * @param remaining how many bytes of the body have not come yet
     */
    record WantsBody(long remaining) implements HttpEvent {}

    /**
     * The connection has refused a request by itself; the response follows as {@link Send}.
     *
     * @param refusal the status and the reason
     */
    record Refused(HandshakeException refusal) implements HttpEvent {}

    /** The request that was read last will not be answered: its client has left, or the response was too late. */
    record Cancelled() implements HttpEvent {}

    /** This end's direction is to be shut down behind all bytes sent; the client may still send. */
    record EndOutput() implements HttpEvent {}

    /**
     * The transport is to be closed. The last event.
     *
     * @param abort whether bytes that have not left yet are to be thrown away
     */
    record Close(boolean abort) implements HttpEvent {}
}
