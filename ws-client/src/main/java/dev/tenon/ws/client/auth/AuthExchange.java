package dev.tenon.ws.client.auth;

import dev.tenon.ws.client.AuthPolicy;
import dev.tenon.ws.client.AuthScheme;
import dev.tenon.ws.client.dial.Route;
import dev.tenon.ws.handshake.WebSocketUri;
import java.net.Authenticator;
import java.net.Authenticator.RequestorType;
import java.net.MalformedURLException;
import java.net.PasswordAuthentication;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The authentication of one connect with one server or proxy. It sends credentials that were accepted before at once.
 * It responds to a challenge once with the result of the authenticator, and once more if only the nonce has expired.
 */
public final class AuthExchange {
    /** The reaction to a challenge. */
    public sealed interface Reaction {
        /** Send the request again: {@link #authorization} has changed. */
        record Retry() implements Reaction {}

        /** Call {@link #ask}, and if there is a login, {@link #use} it and send the request again. */
        record Ask(Challenge challenge) implements Reaction {}

        /** There are no credentials for the challenge. */
        record GiveUp() implements Reaction {}
    }

    private final Authenticator authenticator;
    private final AuthPolicy policy;
    private final CredentialCache cache;
    private final WebSocketUri uri;
    private final RequestorType type;
    private final String host;
    private final int port;

    private @Nullable Credential credential;
    private boolean hasAsked;
    private boolean renewed;

    private AuthExchange(
            Authenticator authenticator,
            AuthPolicy policy,
            CredentialCache cache,
            WebSocketUri uri,
            RequestorType type,
            String host,
            int port) {
        this.authenticator = authenticator;
        this.policy = policy;
        this.cache = cache;
        this.uri = uri;
        this.type = type;
        this.host = host;
        this.port = port;
    }

    /** Authentication with a server. */
    public static AuthExchange server(
            Authenticator authenticator, AuthPolicy policy, CredentialCache cache, WebSocketUri uri) {
        return new AuthExchange(authenticator, policy, cache, uri, RequestorType.SERVER, uri.host(), uri.port());
    }

    /** Authentication with the proxy of a route. */
    public static AuthExchange proxy(
            Authenticator authenticator, AuthPolicy policy, CredentialCache cache, Route route) {
        return new AuthExchange(
                authenticator, policy, cache, route.uri(), RequestorType.PROXY, route.host(), route.port());
    }

    /** Requests to a proxy are never encrypted. */
    private boolean isEncrypted() {
        return uri.secure() && type == RequestorType.SERVER;
    }

    /** Whether the policy allows a scheme here. */
    public boolean allows(AuthScheme scheme) {
        return policy.allows(scheme, isEncrypted());
    }

    private CredentialCache.Key key() {
        String place = type == RequestorType.PROXY ? "proxy " + host + ":" + port : uri.origin();
        return new CredentialCache.Key(authenticator, place);
    }

    /** Returns the header value for the next request, or null for none. */
    public @Nullable String authorization(String method, String target) {
        if (credential == null) {
            credential = cache.get(key());
        }
        Credential known = credential;
        return known == null || !allows(known.scheme()) ? null : known.authorization(method, target);
    }

    /**
     * Chooses a reaction to challenges.
     *
     * @param lines the values of the header, one for each line
     */
    public Reaction challenged(List<String> lines) {
        Credential sent = credential;
        Challenge challenge = Credential.strongest(Challenge.parse(lines), this::allows);
        Credential again = sent == null || challenge == null || renewed ? null : sent.renewed(challenge);
        if (again != null) {
            renewed = true;
            use(again);
            return new Reaction.Retry();
        }
        if (sent != null) {
            cache.remove(key(), sent);
            credential = null;
        }
        if (challenge == null || hasAsked) {
            return new Reaction.GiveUp();
        }
        hasAsked = true;
        return new Reaction.Ask(challenge);
    }

    private void use(Credential next) {
        credential = next;
        cache.put(key(), next);
    }

    /** Uses a login for the challenge in all further requests. */
    public void use(Challenge challenge, PasswordAuthentication login) {
        use(Credential.of(challenge, login));
    }

    /** Asks the authenticator about a challenge. May block. */
    public @Nullable PasswordAuthentication ask(Challenge challenge) throws MalformedURLException {
        return request(challenge.parameter("realm"), challenge.scheme(), "http");
    }

    /** Asks the authenticator about a SOCKS proxy. May block. */
    public @Nullable PasswordAuthentication requestSocksLogin() throws MalformedURLException {
        return request("SOCKS authentication", "SOCKS5", "SOCKS5");
    }

    private @Nullable PasswordAuthentication request(String prompt, String scheme, String protocol)
            throws MalformedURLException {
        return authenticator.requestPasswordAuthenticationInstance(
                host,
                null,
                port,
                isEncrypted() ? "https" : protocol,
                prompt,
                scheme,
                uri.toHttpUri().toURL(),
                type);
    }
}
