package dev.tenon.ws.client;

import dev.tenon.ws.client.auth.AuthExchange;
import dev.tenon.ws.client.dial.Route;
import dev.tenon.ws.client.dial.TlsFailure;
import dev.tenon.ws.client.step.ConnectLink;
import dev.tenon.ws.client.step.Nanos;
import dev.tenon.ws.client.step.Permits;
import dev.tenon.ws.client.step.StepRunner;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.WebSocketUri;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.WebSocketProtocol;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code connect}, with all its attempts after redirects and challenges. It owns the permits, and the link
 * until the connection is open. Any failure, also an exception of the user's code, fails the future and frees both.
 * Belongs to its loop, except {@link #start} and {@link #clientClosed}.
 */
final class ConnectOperation implements ConnectionRegistry.Entry {
    /** How many bytes of a refusal's body are kept. */
    private static final int MAX_BODY = 8192;

    private static final String STOPPED = "the client was closed, or its event loop has failed";

    private final ClientContext client;
    private final ConnectOptions options;
    private final ConnectRequest request;
    private final WebSocketListener listener;
    private final CompletableFuture<WebSocket> result;
    private final EventLoop loop;
    private final StepRunner runner;
    private final Permits permits;
    private final Handlers handlers;
    private final long started = System.nanoTime();

    private WebSocketUri uri;
    private Headers headers;
    private List<String> subprotocols;
    private Redirects redirects;
    private @Nullable AuthExchange auth;
    private @Nullable LinkOpener opener;

    ConnectOperation(
            ClientContext client,
            EventLoop loop,
            PreparedRequest prepared,
            WebSocketListener listener,
            CompletableFuture<WebSocket> result) {
        this.client = client;
        this.options = prepared.options();
        this.request = prepared.request();
        this.listener = listener;
        this.result = result;
        this.loop = loop;
        this.runner = new StepRunner(loop, this::failed);
        this.permits = new Permits(loop);
        this.handlers = new Handlers(options, runner);
        this.uri = request.uri();
        this.headers = request.headers();
        this.subprotocols = request.subprotocols();
        this.redirects = new Redirects(options.redirects);
    }

    /** Starts. From any thread. */
    void start() {
        if (!client.registry().register(this)) {
            clientClosed();
            return;
        }
        CompletableFuture<WebSocket> unused = result.whenComplete((session, failure) -> {
            permits.close(); // on this thread, because the loop may be blocked
            onLoop(this::release);
        });
        onLoop(() -> runner.guard(this::begin));
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            result.completeExceptionally(new IOException(STOPPED, stopped));
            client.registry().ended(this);
        }
    }

    @Override
    public void clientClosed() {
        result.completeExceptionally(new IOException("the client was closed"));
    }

    @Override
    public void loopEnded() {
        if (loop.inLoop()) {
            runner.fail(new IOException(STOPPED));
        }
    }

    /** The runner calls this once. */
    private void failed(Throwable cause) {
        try {
            release();
        } finally {
            result.completeExceptionally(
                    cause instanceof SSLException tls ? TlsFailure.explained(Route.authority(uri), tls) : cause);
        }
    }

    /** Ends the operation and frees its resources. Does nothing the second time. */
    private void release() {
        runner.stop();
        closeLink();
        permits.close();
        client.registry().ended(this);
    }

    private void closeLink() {
        if (opener != null) {
            opener.close();
            opener = null;
        }
    }

    private void begin() {
        if (runner.isOver()) {
            return;
        }
        if (options.timeout < Nanos.FOREVER) {
            runner.limit(options.timeout, options.timeout - (System.nanoTime() - started));
        }
        auth = newAuth();
        runner.run(
                permits.request(
                        client.connecting(), "", client.maxConnecting(), "its turn among this client's connects"),
                Nanos.FOREVER,
                granted -> addCookies());
    }

    /** A request with an Authorization header keeps it, without authentication by the client. */
    private @Nullable AuthExchange newAuth() {
        Authenticator authenticator = options.authenticator;
        return authenticator == null || headers.count("Authorization") > 0
                ? null
                : AuthExchange.server(authenticator, options.authPolicy, client.credentials(), uri);
    }

    private void addCookies() {
        CookieHandler handler = options.cookies;
        if (handler == null) {
            attempt(headers);
        } else {
            handlers.call(
                    "the cookie handler", uri.host(), () -> new Cookies(handler).addTo(headers, uri), this::attempt);
        }
    }

    private void attempt(Headers complete) {
        ClientHandshake handshake = handshake(complete);
        LinkOpener next =
                new LinkOpener(client, options, runner, permits, uri, request.tap(), link -> upgrade(link, handshake));
        opener = next;
        next.start();
    }

    private ClientHandshake handshake(Headers complete) {
        ClientHandshake.Builder handshake = ClientHandshake.to(uri)
                .limits(options.responseLimits, MAX_BODY)
                .subprotocols(subprotocols)
                .headers(complete);
        if (options.extensions != null) {
            handshake.extensions(options.extensions);
        }
        String authorization = auth == null ? null : auth.authorization("GET", uri.resource());
        if (authorization != null) {
            handshake.header("Authorization", authorization);
        }
        if (options.userAgent != null && complete.count("User-Agent") == 0) {
            handshake.header("User-Agent", options.userAgent);
        }
        return handshake.start();
    }

    private void upgrade(ConnectLink link, ClientHandshake handshake) {
        runner.run(
                link.exchange(new UpgradeExchange(handshake, Route.authority(uri))),
                options.handshakeTimeout,
                agreement -> keepCookies(agreement.response(), () -> open(link, agreement)),
                this::refused);
    }

    private void refused(Throwable cause) {
        closeLink();
        HttpResponse response = cause instanceof HandshakeException refusal ? refusal.response() : null;
        if (response == null || !(cause instanceof HandshakeException refusal)) {
            runner.fail(cause);
        } else {
            keepCookies(response, () -> handleRefusal(refusal, response));
        }
    }

    /** Continues in a later event, because TLS must not continue inside the call that hands its link over. */
    private void keepCookies(HttpResponse response, StepRunner.Action then) {
        CookieHandler handler = options.cookies;
        if (handler == null) {
            runner.later(then);
            return;
        }
        Callable<Boolean> keep = () -> {
            new Cookies(handler).keep(response, uri);
            return true;
        };
        handlers.call("the cookie handler", uri.host(), keep, kept -> then.run());
    }

    /** Decides whether a refusal allows another attempt. */
    private void handleRefusal(HandshakeException refusal, HttpResponse response) {
        WebSocketUri target = redirects.target(uri, refusal);
        if (target != null) {
            follow(target);
        } else if (response.status() == 401 && auth != null) {
            authenticate(auth, refusal);
        } else {
            runner.fail(refusal);
        }
    }

    private void follow(WebSocketUri target) {
        boolean crosses = Redirects.crossesOrigin(uri, target);
        uri = target;
        if (crosses) {
            headers = redirects.carried(headers);
            subprotocols = redirects.carried(subprotocols);
            auth = newAuth();
        }
        redirects = redirects.next();
        addCookies();
    }

    private void authenticate(AuthExchange exchange, HandshakeException refusal) {
        AuthExchange.Reaction reaction = exchange.challenged(refusal.challenges());
        if (reaction instanceof AuthExchange.Reaction.Ask ask) {
            handlers.requestLogin(uri.host(), () -> exchange.ask(ask.challenge()), login -> {
                if (login == null) {
                    runner.fail(refusal);
                } else {
                    exchange.use(ask.challenge(), login);
                    addCookies();
                }
            });
        } else if (reaction instanceof AuthExchange.Reaction.Retry) {
            addCookies();
        } else {
            runner.fail(refusal);
        }
    }

    private void open(ConnectLink link, Agreement agreement) {
        if (!link.isOpen()) {
            return; // the link will report it
        }
        if (result.isDone()) {
            release();
            return;
        }
        Link raw = link.handOver();
        raw.resume(); // in a later turn, because frames follow the head of the response (RFC 6455 §4.1)
        permits.close(); // before the user's onOpen, which may block: the connect is no longer CONNECTING
        WebSocket session;
        try {
            session = WebSocketProtocol.open(
                            raw, Role.CLIENT, options.options, agreement.upgrade(), listener, options.listenerExecutor)
                    .webSocket();
        } catch (Throwable thrown) { // an exception of the listener's initialDemand or of an extension
            raw.close(null);
            runner.fail(thrown);
            return;
        }
        release();
        if (!result.complete(session)) { // the caller has cancelled the future just now
            session.abort();
        }
    }
}
