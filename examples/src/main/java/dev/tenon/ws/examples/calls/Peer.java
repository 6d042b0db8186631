package dev.tenon.ws.examples.calls;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Codec;
import dev.tenon.ws.connection.TypedListener;
import dev.tenon.ws.connection.TypedWebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.examples.calls.Envelope.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** One end of a connection on which both ends may send requests. For one connection; thread-safe. */
public final class Peer {
    private final Function<String, ? extends CompletionStage<String>> handler;
    private final CompletableFuture<TypedWebSocket<Envelope>> open = new CompletableFuture<>();
    private final Map<Long, CompletableFuture<String>> pending = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    /**
     * An end that is not open yet.
     *
     * @param handler answers the requests of the other end, at once or later
     */
    public Peer(Function<String, ? extends CompletionStage<String>> handler) {
        this.handler = handler;
    }

    /**
     * The listener to connect or to accept with.
     *
     * @return a listener for one connection
     */
    public WebSocketListener listener() {
        Codec<Envelope> codec = Envelope.CODEC;
        return codec.listener(new Envelopes());
    }

    /**
     * Sends a request to the other end, as soon as the connection is open.
     *
     * @param body the question
     * @param timeout the longest wait for the reply
     * @return the reply; fails with the reason of the other end, a {@link java.util.concurrent.TimeoutException}, or an
     *     {@link IOException} if the connection ends before
     */
    public CompletableFuture<String> call(String body, Duration timeout) {
        long id = ids.incrementAndGet();
        CompletableFuture<String> reply = new CompletableFuture<>();
        pending.put(id, reply);
        return open.thenCompose(socket -> socket.sendAsync(new Envelope(Kind.REQUEST, id, body)))
                .thenCompose(sent -> reply)
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> pending.remove(id));
    }

    private final class Envelopes implements TypedListener<Envelope> {
        @Override
        public void onOpen(TypedWebSocket<Envelope> socket) {
            open.complete(socket);
        }

        @Override
        public void onMessage(TypedWebSocket<Envelope> socket, Envelope envelope) {
            switch (envelope.kind()) {
                case REQUEST -> answer(socket, envelope);
                case REPLY -> reply(envelope.id()).complete(envelope.body());
                case FAILURE -> reply(envelope.id()).completeExceptionally(new IOException(envelope.body()));
            }
        }

        /** Returns the future of a call, or an unused one if the call has ended. */
        private CompletableFuture<String> reply(long id) {
            return pending.getOrDefault(id, new CompletableFuture<>());
        }

        private void answer(TypedWebSocket<Envelope> socket, Envelope request) {
            CompletionStage<String> unused = handler.apply(request.body()).whenComplete((answer, failure) -> {
                Kind kind = failure == null ? Kind.REPLY : Kind.FAILURE;
                String body =
                        failure == null ? answer : "it failed"; // the other end does not see the reason of a failure
                socket.send(new Envelope(kind, request.id(), body));
            });
        }

        @Override
        public void onClose(TypedWebSocket<Envelope> socket, CloseEvent event) {
            IOException ended = new IOException("the connection has ended with " + event.code(), event.cause());
            open.completeExceptionally(ended);
            pending.values().forEach(call -> call.completeExceptionally(ended));
        }
    }
}
