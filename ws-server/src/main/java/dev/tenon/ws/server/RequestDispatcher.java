package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpConnection;
import dev.tenon.ws.handshake.HttpEvent;
import dev.tenon.ws.transport.Transport;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Calls the handlers for the plain HTTP requests of one connection. Belongs to the connection's event loop. */
final class RequestDispatcher {
    private final ServerConfig config;
    private final Transport transport;
    private final HttpConnection http;
    private final OpenExchange exchange;
    private final FileSender files;

    private Router.@Nullable Match<HttpRoute> match;
    private @Nullable Client client;

    RequestDispatcher(
            ServerConfig config, Transport transport, HttpConnection http, OpenExchange exchange, Runnable pump) {
        this.config = config;
        this.transport = transport;
        this.http = http;
        this.exchange = exchange;
        this.files = new FileSender(transport, http, pump);
    }

    /** Reads the body of a request as its route allows. */
    void start(Router.Match<HttpRoute> found, Client from) {
        match = found;
        client = from;
        http.responseTimeout(found.route().values().responseTimeout(), transport.nanoTime());
        http.readBody(found.route().values().maxBody(), transport.nanoTime());
    }

    /** Calls the handler, now that the request was read in full. */
    void take(HttpEvent.Request event) {
        Router.Match<HttpRoute> found = Objects.requireNonNull(match);
        HttpRoute route = found.route();
        HttpExchange request =
                new HttpExchange(event.request(), found.parameters(), Objects.requireNonNull(client), event.body());
        exchange.begin(request);
        Executor executor = route.executor(config.fileThreads());
        new ExchangeCall<>(
                        transport,
                        executor,
                        () -> route.responder().respond(request),
                        (reply, failure) -> finish(request, route, reply, failure))
                .run();
    }

    private void finish(HttpExchange request, HttpRoute route, @Nullable Reply reply, @Nullable Throwable failure) {
        boolean wanted = exchange.finish(request, () -> respond(route, reply, failure));
        if (!wanted && reply != null) {
            reply.close();
        }
    }

    private void respond(HttpRoute route, @Nullable Reply reply, @Nullable Throwable failure) {
        if (failure instanceof HandshakeException refusal) {
            exchange.refuse(refusal);
            return;
        }
        try {
            if (reply != null) {
                send(reply, route.executor(config.fileThreads()));
                return;
            }
            OpenExchange.FAILURES.log("the HTTP handler of " + route.name() + " has failed", failure);
        } catch (IllegalStateException broken) {
            OpenExchange.FAILURES.log(
                    "the response of the HTTP handler of " + route.name() + " cannot be sent", broken);
        }
        exchange.refuse(HandshakeException.refuse(500, "internal error"));
    }

    private void send(Reply reply, @Nullable Executor executor) {
        FileBody body = reply.body();
        if (body == null) {
            exchange.respond(reply.response());
        } else {
            files.send(reply, body, executor == null ? Runnable::run : executor);
            exchange.responded();
        }
    }

    /** Sends the next piece of a file, now that the client has taken the one before. */
    void continueBody() {
        files.next();
    }

    /** Closes the file that is being sent, if there is one; called when the connection is closed. */
    void close() {
        files.close();
    }
}
