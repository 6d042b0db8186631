package dev.tenon.ws.client.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.client.AuthScheme;
import java.net.PasswordAuthentication;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The credentials for one realm. Thread-safe. */
sealed interface Credential permits Credential.Basic, Digest {
    /** The value of {@code Authorization} or {@code Proxy-Authorization} for a request. */
    String authorization(String method, String target);

    /** The same user and password for a new challenge if only the nonce has expired; otherwise null. */
    default @Nullable Credential renewed(Challenge challenge) {
        return null;
    }

    /** The authentication scheme. */
    AuthScheme scheme();

    /** The strongest supported and allowed challenge, or null. */
    static @Nullable Challenge strongest(List<Challenge> challenges, Predicate<AuthScheme> allowed) {
        Challenge strongest = null;
        AuthScheme best = null;
        for (Challenge challenge : challenges) {
            AuthScheme scheme = scheme(challenge);
            if (scheme != null && (best == null || scheme.compareTo(best) > 0) && allowed.test(scheme)) {
                strongest = challenge;
                best = scheme;
            }
        }
        return strongest;
    }

    /**
     * The scheme of a challenge, or null if it is not supported. Basic needs no parameter; a realm is only for the
     * user.
     */
    private static @Nullable AuthScheme scheme(Challenge challenge) {
        return switch (challenge.scheme()) {
            case "digest" -> Digest.scheme(challenge);
            case "basic" -> AuthScheme.BASIC;
            default -> null;
        };
    }

    static Credential of(Challenge challenge, PasswordAuthentication login) {
        String password = String.valueOf(login.getPassword());
        return challenge.scheme().equals("basic")
                ? Basic.of(login.getUserName(), password, charset(challenge, login.getUserName() + password))
                : new Digest(challenge, login.getUserName(), password);
    }

    /** UTF-8 if the challenge asks for it (RFC 7617 §2.1, RFC 7616 §3.3), or if the text needs it. */
    static Charset charset(Challenge challenge, String text) {
        boolean utf8 = challenge.parameter("charset").toLowerCase(Locale.ROOT).equals("utf-8");
        return utf8 || !ISO_8859_1.newEncoder().canEncode(text) ? UTF_8 : ISO_8859_1;
    }

    /** RFC 7617. */
    record Basic(String value) implements Credential {
        static Basic of(String user, String password, Charset charset) {
            if (user.indexOf(':') >= 0) {
                throw new IllegalArgumentException("a user name with a colon cannot be sent by Basic authentication");
            }
            return new Basic("Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(charset)));
        }

        @Override
        public AuthScheme scheme() {
            return AuthScheme.BASIC;
        }

        @Override
        public String authorization(String method, String target) {
            return value;
        }

        @Override
        public String toString() {
            return "Basic"; // no password in logs
        }
    }
}
