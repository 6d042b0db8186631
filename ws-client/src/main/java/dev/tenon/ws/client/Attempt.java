package dev.tenon.ws.client;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.WebSocketUri;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Timer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One request to one server, by one route after the other until one leads there: connect, tunnel, TLS, opening handshake.
 * Ends in exactly one call of its {@link Outcome}, unless it is cancelled.
 */
final class Attempt implements Step {
    /** How it ended. */
    interface Outcome {
        /** The server has agreed. The link is paused, and still belongs to the attempt: {@link Attempt#handOver()}. */
        void agreed(Link link, Agreement agreement);

        /** The server has refused, or its answer broke a rule. */
        void refused(HandshakeException refusal);

        /** There is no answer. */
        void failed(IOException cause);
    }

    private final Settings settings;
    private final EventLoop loop;
    private final WebSocketUri uri;
    private final ClientHandshake handshake;
    private final @Nullable WireTap tap;
    private final Outcome outcome;
    private final Routes routes;

    private @Nullable Step current;
    private @Nullable Timer deadline;
    private Turns<InetSocketAddress>.@Nullable Turn turn;
    private @Nullable Login proxyLogin;

    Attempt(
            Settings settings,
            EventLoop loop,
            WebSocketUri uri,
            ClientHandshake handshake,
            @Nullable WireTap tap,
            Outcome outcome) {
        this.settings = settings;
        this.loop = loop;
        this.uri = uri;
        this.handshake = handshake;
        this.tap = tap;
        this.outcome = outcome;
        this.routes = new Routes(settings.proxies(), uri);
    }

    void start() {
        if (settings.proxies() == null) {
            tryRoute(Proxy.NO_PROXY);
        } else {
            current = Aside.call(
                    settings.executor(), loop, "the proxy selector", routes::select, this::tryRoute, this::fail);
        }
    }

    private void tryRoute(Proxy proxy) {
        if (proxy.type() != Proxy.Type.DIRECT && !(proxy.address() instanceof InetSocketAddress)) {
            fail(new IOException("the proxy selector has given a proxy without an address: " + proxy));
            return;
        }
        Hop hop = new Hop(uri, proxy);
        proxyLogin = Login.toProxy(settings, loop, hop);
        dial(hop);
    }

    private void dial(Hop hop) {
        Dialing dialing = new Dialing(
                settings, loop, hop, connected -> connected(hop, connected), cause -> routeFailed(hop, cause));
        current = dialing;
        dialing.start();
    }

    /** A proxy that cannot be reached: its selector is told, and the next one is tried. */
    private void routeFailed(Hop hop, IOException cause) {
        if (hop.isDirect() || settings.proxies() == null) {
            fail(cause);
            return;
        }
        current = Aside.call(
                settings.executor(),
                loop,
                "the proxy selector",
                () -> routes.next(hop.proxy(), cause),
                this::tryRoute,
                this::fail);
    }

    private void connected(Hop hop, Race.Connected connected) {
        Link link = connected.link();
        turn = connected.turn();
        long nanos = settings.times().handshake();
        deadline = loop.schedule(nanos, () -> fail(Dialing.timedOut(waitsFor(), nanos)));
        switch (hop.proxy().type()) {
            case DIRECT -> secure(link, hop);
            case HTTP -> askHttpProxy(link, hop);
            case SOCKS -> askSocksProxy(link, hop);
        }
    }

    private void askHttpProxy(Link link, Hop hop) {
        HttpTunnel tunnel = new HttpTunnel(
                link, hop, () -> secure(link, hop), challenge -> challengedByProxy(hop, challenge), this::fail);
        current = tunnel;
        tunnel.start(proxyLogin == null ? null : proxyLogin.authorization("CONNECT", hop.authority()));
    }

    private void challengedByProxy(Hop hop, HttpResponse challenge) {
        release();
        Login login = proxyLogin;
        ProxyException refusal = HttpTunnel.refused(hop, challenge);
        if (login != null
                && login.answers(
                        challenge.headers().all("Proxy-Authenticate"),
                        () -> dial(hop),
                        () -> fail(refusal),
                        this::fail)) {
            current = login;
        } else {
            fail(refusal);
        }
    }

    private void askSocksProxy(Link link, Hop hop) {
        SocksTunnel.Asks asks = proxyLogin == null ? null : proxyLogin::askForSocks;
        SocksTunnel tunnel = new SocksTunnel(link, hop, asks, () -> secure(link, hop), this::fail);
        current = tunnel;
        tunnel.start();
    }

    private void secure(Link link, Hop hop) {
        Securing securing = new Securing(link, hop, () -> upgrade(link, hop), this::fail);
        current = securing;
        try {
            securing.start(TlsEngines.of(settings.tls(), uri), tap);
        } catch (IOException e) {
            securing.fail(e);
        }
    }

    private void upgrade(Link link, Hop hop) {
        Upgrading upgrading = new Upgrading(
                link, hop, handshake, agreement -> outcome.agreed(link, agreement), this::refused, this::fail);
        current = upgrading;
        upgrading.start();
    }

    /** Ends this attempt and leaves its link, as it is, to what is spoken next. */
    void handOver() {
        if (current instanceof LinkStep step) {
            step.done();
        }
        current = null;
        release();
    }

    private void refused(HandshakeException refusal) {
        cancel();
        outcome.refused(refusal);
    }

    private void fail(IOException cause) {
        cancel();
        outcome.failed(
                cause instanceof SSLException tls ? TlsFailure.explained(new Hop(uri, Proxy.NO_PROXY), tls) : cause);
    }

    /** Gives the turn back, and stops the clock. */
    private void release() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
        if (turn != null) {
            turn.end();
            turn = null;
        }
    }

    @Override
    public void cancel() {
        if (current != null) {
            current.cancel();
            current = null;
        }
        release();
    }

    @Override
    public String waitsFor() {
        return current == null ? "the connection to " + uri : current.waitsFor();
    }
}
