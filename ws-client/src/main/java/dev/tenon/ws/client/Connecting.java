package dev.tenon.ws.client;

import dev.tenon.ws.connection.Upgrade;
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
import dev.tenon.ws.transport.Session;
import java.io.IOException;
import java.net.CookieHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code connect}: attempt after attempt, until one is agreed to, or nothing allows another one. Looks at the
 * answers; how they are got is the business of {@link Attempt}. Belongs to its loop, but for {@link #start} and
 * {@link #clientClosed}.
 */
final class Connecting implements Ledger.Entry {
    private final Settings settings;
    private final EventLoop loop;
    private final ConnectRequest request;
    private final WebSocketListener listener;
    private final CompletableFuture<WebSocket> result;

    private WebSocketUri uri;
    private Headers headers;
    private int redirectsLeft;
    private @Nullable Login login;
    private Turns<String>.@Nullable Turn turn;
    private @Nullable Step current;
    private @Nullable Attempt attempt;
    private boolean over;

    Connecting(
            Settings settings,
            EventLoop loop,
            ConnectRequest request,
            WebSocketListener listener,
            CompletableFuture<WebSocket> result) {
        this.settings = settings;
        this.loop = loop;
        this.request = request;
        this.listener = listener;
        this.result = result;
        this.uri = request.uri();
        this.headers = request.headers();
        this.redirectsLeft = settings.maxRedirects();
    }

    /** Begins. From any thread. */
    void start() {
        if (!settings.ledger().begins(this)) {
            result.completeExceptionally(new IOException("the client was closed"));
            return;
        }
        CompletableFuture<WebSocket> unused = result.whenComplete((session, failure) -> {
            if (failure != null) { // cancelled, or failed already
                onLoop(this::end);
            }
        });
        onLoop(() -> {
            if (!over) {
                login = newLogin();
                turn = settings.pending().take("", loop, this::prepare);
            }
        });
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            result.completeExceptionally(new IOException("the client was closed", stopped));
            settings.ledger().ended(this);
        }
    }

    @Override
    public void clientClosed() {
        fail(new IOException("the client was closed"));
    }

    /** Ends it without a connection. From any thread. */
    private void fail(Exception cause) {
        result.completeExceptionally(cause);
    }

    private void end() {
        if (over) {
            return;
        }
        over = true;
        if (current != null) {
            current.cancel();
        }
        if (attempt != null) {
            attempt.cancel();
        }
        if (turn != null) {
            turn.end();
        }
        settings.ledger().ended(this);
    }

    /** Who has given an Authorization of their own is not asked for another one. */
    private @Nullable Login newLogin() {
        return headers.count("Authorization") > 0 ? null : Login.toServer(settings, loop, uri);
    }

    /** Puts the headers of the next attempt together. */
    private void prepare() {
        if (over) {
            return;
        }
        CookieHandler handler = settings.cookies();
        if (handler == null) {
            attempt(headers);
            return;
        }
        current = Aside.call(
                settings.executor(),
                loop,
                "the cookie handler",
                () -> new Cookies(handler).addTo(headers, uri),
                this::attempt,
                this::fail);
    }

    private void attempt(Headers complete) {
        current = null;
        String authorization = login == null ? null : login.authorization("GET", uri.resource());
        ClientHandshake.Builder handshake = ClientHandshake.to(uri)
                .extensions(settings.extensions())
                .subprotocols(request.subprotocols())
                .headers(complete);
        if (authorization != null) {
            handshake.header("Authorization", authorization);
        }
        Attempt next = new Attempt(settings, loop, uri, handshake.start(), request.tap(), new Answer());
        attempt = next;
        next.start();
    }

    /** What comes of an attempt. */
    private final class Answer implements Attempt.Outcome {
        @Override
        public void agreed(Link link, Agreement agreement) {
            keepCookies(agreement.response(), () -> open(link, agreement));
        }

        @Override
        public void refused(HandshakeException refusal) {
            attempt = null;
            HttpResponse response = refusal.response();
            if (response == null) {
                fail(refusal);
            } else {
                keepCookies(response, () -> consider(refusal, response));
            }
        }

        @Override
        public void failed(IOException cause) {
            attempt = null;
            fail(cause);
        }
    }

    private void keepCookies(HttpResponse response, Runnable then) {
        CookieHandler handler = settings.cookies();
        if (handler == null) { // later in either case: TLS must not go on while a link is handed over
            onLoop(then);
            return;
        }
        current = Aside.<@Nullable Void>call(
                settings.executor(),
                loop,
                "the cookie handler",
                () -> {
                    new Cookies(handler).keep(response, uri);
                    return null;
                },
                nothing -> then.run(),
                this::fail);
    }

    /** Looks for a way on from a refusal. */
    private void consider(HandshakeException refusal, HttpResponse response) {
        if (over) {
            return;
        }
        current = null;
        try {
            WebSocketUri target = settings.maxRedirects() == 0 ? null : Redirects.target(uri, refusal, redirectsLeft);
            if (target != null) {
                follow(target);
            } else if (response.status() == 401 && login != null && answered(login, refusal)) {
                current = login;
            } else {
                fail(refusal);
            }
        } catch (HandshakeException wrongWay) {
            fail(wrongWay);
        }
    }

    private boolean answered(Login asked, HandshakeException refusal) {
        return asked.answers(refusal.challenges(), this::prepare, () -> fail(refusal), this::fail);
    }

    private void follow(WebSocketUri target) {
        redirectsLeft--;
        headers = Redirects.headers(headers, uri, target);
        boolean elsewhere = !uri.origin().equals(target.origin());
        uri = target;
        if (elsewhere) {
            login = newLogin();
        }
        prepare();
    }

    private void open(Link link, Agreement agreement) {
        Attempt agreed = attempt;
        if (over || agreed == null || link.isClosed()) {
            return; // lost meanwhile: the attempt has failed, or is about to
        }
        if (result.isDone()) {
            end();
            return;
        }
        agreed.handOver();
        attempt = null;
        current = null;
        Upgrade settled = new Upgrade(agreement.url(), agreement.subprotocol(), agreement.extensions());
        Session session =
                Session.open(link, Role.CLIENT, settings.options(), settled, listener, settings.listenerExecutor());
        link.resume(); // RFC 6455 §4.1: what follows the head of the answer are frames
        end();
        if (!result.complete(session)) { // cancelled at the last moment
            session.abort();
        }
    }
}
