package dev.tenon.ws.client;

import dev.tenon.ws.client.auth.AuthExchange;
import dev.tenon.ws.client.dial.HttpTunnel;
import dev.tenon.ws.client.dial.Route;
import dev.tenon.ws.client.dial.SocksExchange;
import dev.tenon.ws.client.step.ConnectLink;
import dev.tenon.ws.client.step.StepRunner;
import dev.tenon.ws.handshake.Headers;
import java.net.PasswordAuthentication;
import org.jspecify.annotations.Nullable;

/** Opens a tunnel to a server through the proxy of a route, with credentials if the proxy asks for them. */
final class ProxyTunnel {
    private final ConnectOptions options;
    private final StepRunner runner;
    private final Handlers handlers;
    private final Route route;
    private final @Nullable AuthExchange auth;
    private final StepRunner.Continuation<ConnectLink> opened;
    private final Runnable close;
    private final Runnable again;

    /**
     * A tunnel.
     *
     * @param auth the credentials for the proxy, or null if there is no authenticator
     * @param opened called when the link leads to the server
     * @param close closes the link and releases its permit
     * @param again connects to the proxy again, because the credentials have changed
     */
    ProxyTunnel(
            ConnectOptions options,
            StepRunner runner,
            Route route,
            @Nullable AuthExchange auth,
            StepRunner.Continuation<ConnectLink> opened,
            Runnable close,
            Runnable again) {
        this.options = options;
        this.runner = runner;
        this.handlers = new Handlers(options, runner);
        this.route = route;
        this.auth = auth;
        this.opened = opened;
        this.close = close;
        this.again = again;
    }

    void openByHttp(ConnectLink link) {
        runner.run(
                link.exchange(new HttpTunnel(route, headers(), options.responseLimits)),
                options.handshakeTimeout,
                response -> opened.accept(link),
                refusal -> {
                    close.run();
                    refused(refusal);
                });
    }

    private Headers headers() {
        Headers.Builder headers = options.proxyHeaders.toBuilder();
        String agent = options.userAgent;
        if (agent != null && options.proxyHeaders.count("User-Agent") == 0) {
            headers.add("User-Agent", agent);
        }
        String authorization = auth == null ? null : auth.authorization("CONNECT", route.authority());
        if (authorization != null) {
            headers.remove("Proxy-Authorization").add("Proxy-Authorization", authorization);
        }
        return headers.build();
    }

    private void refused(Throwable cause) {
        if (auth == null || !(cause instanceof ProxyException refusal) || refusal.status() != 407) {
            runner.fail(cause);
            return;
        }
        AuthExchange.Reaction reaction = auth.challenged(refusal.challenges());
        if (reaction instanceof AuthExchange.Reaction.Ask ask) {
            handlers.requestLogin(route.host(), () -> auth.ask(ask.challenge()), login -> {
                if (login == null) {
                    runner.fail(refusal);
                } else {
                    auth.use(ask.challenge(), login);
                    again.run();
                }
            });
        } else if (reaction instanceof AuthExchange.Reaction.Retry) {
            again.run();
        } else {
            runner.fail(refusal);
        }
    }

    void openBySocks(ConnectLink link) {
        boolean offersPassword = auth != null && auth.allows(AuthScheme.BASIC);
        runner.run(
                link.exchange(new SocksExchange.Method(route, offersPassword)),
                options.handshakeTimeout,
                wantsPassword -> {
                    if (wantsPassword && auth != null) {
                        handlers.requestLogin(
                                route.host(), auth::requestSocksLogin, login -> sendPassword(link, login));
                    } else {
                        connectBySocks(link);
                    }
                });
    }

    private void sendPassword(ConnectLink link, @Nullable PasswordAuthentication login) throws ProxyException {
        runner.run(
                link.exchange(new SocksExchange.Password(route, login)),
                options.handshakeTimeout,
                taken -> connectBySocks(link));
    }

    private void connectBySocks(ConnectLink link) throws ProxyException {
        runner.run(
                link.exchange(new SocksExchange.Connect(route)),
                options.handshakeTimeout,
                connected -> opened.accept(link));
    }
}
