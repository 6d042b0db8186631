package dev.tenon.ws.client;

import dev.tenon.ws.handshake.WebSocketUri;
import dev.tenon.ws.transport.EventLoop;
import java.io.IOException;
import java.net.Authenticator;
import java.net.Authenticator.RequestorType;
import java.net.MalformedURLException;
import java.net.PasswordAuthentication;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of one attempt past one server or proxy that wants credentials: those that it took before are sent at once, a
 * challenge is answered once by asking the authenticator, and once more if only the nonce has become too old.
 */
final class Login implements Step {
    private final Settings settings;
    private final EventLoop loop;
    private final Authenticator authenticator;
    private final WebSocketUri uri;
    private final RequestorType type;
    private final String host;
    private final int port;

    private @Nullable Credential credential;
    private boolean asked;
    private boolean renewed;
    private @Nullable Step asking;
    private boolean cancelled;

    private Login(
            Settings settings,
            EventLoop loop,
            Authenticator authenticator,
            WebSocketUri uri,
            RequestorType type,
            String host,
            int port) {
        this.settings = settings;
        this.loop = loop;
        this.authenticator = authenticator;
        this.uri = uri;
        this.type = type;
        this.host = host;
        this.port = port;
    }

    /** For the proxy of a hop; null if there is none, or no authenticator. */
    static @Nullable Login toProxy(Settings settings, EventLoop loop, Hop hop) {
        Authenticator authenticator = settings.credentials();
        return hop.isDirect() || authenticator == null
                ? null
                : new Login(settings, loop, authenticator, hop.uri(), RequestorType.PROXY, hop.host(), hop.port());
    }

    /** For a server; null if there is no authenticator. */
    static @Nullable Login toServer(Settings settings, EventLoop loop, WebSocketUri uri) {
        Authenticator authenticator = settings.credentials();
        return authenticator == null
                ? null
                : new Login(settings, loop, authenticator, uri, RequestorType.SERVER, uri.host(), uri.port());
    }

    /** Who is logged in to; the same text for no other server or proxy. */
    private String place() {
        return type == RequestorType.PROXY ? "proxy " + host + ":" + port : uri.origin();
    }

    /** What to send with the next request, or null for nothing. */
    @Nullable
    String authorization(String method, String target) {
        if (credential == null) {
            credential = settings.logins().of(place());
        }
        return credential == null ? null : credential.authorization(method, target);
    }

    /**
     * Tries to answer a challenge.
     *
     * @param lines the challenges
     * @param retry called if there is an answer: later, never before this returns
     * @param giveUp called if the authenticator has none
     * @param failed called if it throws
     * @return false if nothing will be called, because the challenge cannot be answered or has been
     */
    boolean answers(List<String> lines, Runnable retry, Runnable giveUp, Consumer<IOException> failed) {
        Credential sent = credential;
        Challenge challenge = strongest(lines);
        Credential again = sent == null || challenge == null || renewed ? null : sent.renewed(challenge);
        if (again != null) {
            renewed = true;
            use(again);
            loop.execute(() -> unlessCancelled(retry));
            return true;
        }
        if (sent != null) {
            settings.logins().forget(place(), sent);
            credential = null;
        }
        if (challenge == null || asked) {
            return false;
        }
        asked = true;
        asking = ask(
                challenge.parameter("realm"),
                challenge.scheme(),
                login -> {
                    if (login == null) {
                        giveUp.run();
                    } else {
                        use(Credential.of(challenge, login));
                        retry.run();
                    }
                },
                failed);
        return true;
    }

    private static @Nullable Challenge strongest(List<String> lines) {
        try {
            return Credential.strongest(Challenge.parse(lines));
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private void use(Credential next) {
        credential = next;
        settings.logins().remember(place(), next);
    }

    private void unlessCancelled(Runnable task) {
        if (!cancelled) {
            task.run();
        }
    }

    /** Asks for user name and password of a SOCKS proxy. */
    Step askForSocks(Consumer<@Nullable PasswordAuthentication> then, Consumer<IOException> failed) {
        return ask("SOCKS authentication", "SOCKS5", then, failed);
    }

    private Step ask(
            String prompt,
            String scheme,
            Consumer<@Nullable PasswordAuthentication> then,
            Consumer<IOException> failed) {
        boolean socks = scheme.equals("SOCKS5");
        return Aside.<@Nullable PasswordAuthentication>call(
                settings.executor(),
                loop,
                "the authenticator",
                () -> request(prompt, scheme, socks ? "SOCKS5" : "http"),
                then,
                failed);
    }

    private @Nullable PasswordAuthentication request(String prompt, String scheme, String protocol)
            throws MalformedURLException {
        return authenticator.requestPasswordAuthenticationInstance(
                host,
                null,
                port,
                uri.secure() && type == RequestorType.SERVER ? "https" : protocol,
                prompt,
                scheme,
                Routes.asHttp(uri).toURL(),
                type);
    }

    @Override
    public void cancel() {
        cancelled = true;
        if (asking != null) {
            asking.cancel();
        }
    }

    @Override
    public String waitsFor() {
        return "the authenticator";
    }
}
