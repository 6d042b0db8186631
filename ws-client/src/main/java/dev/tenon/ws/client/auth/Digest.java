package dev.tenon.ws.client.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.client.AuthScheme;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Digest access authentication with {@code qop=auth}, by MD5 or SHA-256 (RFC 7616). */
final class Digest implements Credential {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Challenge challenge;
    private final String user;
    private final String password;
    private final Charset charset;
    /** How many requests were made with this nonce (RFC 7616 §3.4, {@code nc}). */
    private final AtomicInteger uses = new AtomicInteger();

    Digest(Challenge challenge, String user, String password) {
        this.challenge = challenge;
        this.user = user;
        this.password = password;
        this.charset = Credential.charset(challenge, user + password);
    }

    /** The scheme of a challenge; null if it is not supported. */
    static @Nullable AuthScheme scheme(Challenge challenge) {
        boolean auth = Arrays.stream(challenge.parameter("qop").split(",", -1))
                .anyMatch(option -> option.strip().equalsIgnoreCase("auth"));
        if (!auth || !challenge.wellFormed() || challenge.parameter("nonce").isEmpty()) {
            return null;
        }
        return switch (algorithm(challenge)) {
            case "SHA-256" -> AuthScheme.DIGEST_SHA_256;
            case "MD5" -> AuthScheme.DIGEST_MD5;
            default -> null;
        };
    }

    private static String algorithm(Challenge challenge) {
        String name = challenge.parameter("algorithm");
        return name.isEmpty() ? "MD5" : name.toUpperCase(Locale.ROOT);
    }

    @Override
    public AuthScheme scheme() {
        return algorithm(challenge).equals("MD5") ? AuthScheme.DIGEST_MD5 : AuthScheme.DIGEST_SHA_256;
    }

    @Override
    public @Nullable Credential renewed(Challenge next) {
        boolean stale = next.scheme().equals("digest")
                && next.parameter("stale").equalsIgnoreCase("true")
                && next.parameter("realm").equals(challenge.parameter("realm"));
        return stale ? new Digest(next, user, password) : null;
    }

    @Override
    public String authorization(String method, String target) {
        byte[] random = new byte[18];
        RANDOM.nextBytes(random);
        return authorization(method, target, Base64.getEncoder().encodeToString(random), uses.incrementAndGet());
    }

    String authorization(String method, String target, String cnonce, int use) {
        String realm = challenge.parameter("realm");
        String nonce = challenge.parameter("nonce");
        String count = String.format(Locale.ROOT, "%08x", use);
        byte[] secret =
                bytes(user.getBytes(charset), (":" + realm + ":").getBytes(ISO_8859_1), password.getBytes(charset));
        String response = hash(text(hash(secret) + ":" + nonce + ":" + count + ":" + cnonce + ":auth:"
                + hash(text(method + ":" + target))));
        StringBuilder header = new StringBuilder("Digest ").append(userName(realm));
        quoted(header, "realm", realm);
        quoted(header, "nonce", nonce);
        quoted(header, "uri", target);
        quoted(header, "response", response);
        quoted(header, "cnonce", cnonce);
        if (challenge.parameters().containsKey("opaque")) {
            quoted(header, "opaque", challenge.parameter("opaque"));
        }
        if (challenge.parameters().containsKey("algorithm")) {
            header.append(", algorithm=").append(algorithm(challenge));
        }
        return header.append(", qop=auth, nc=").append(count).toString();
    }

    /** RFC 7616 §3.4: hashed if the server asks for that, otherwise quoted ASCII, or the form of RFC 8187. */
    private String userName(String realm) {
        if (challenge.parameter("userhash").equalsIgnoreCase("true")) {
            byte[] both = bytes(user.getBytes(charset), (":" + realm).getBytes(ISO_8859_1));
            return "username=\"" + hash(both) + "\", userhash=true";
        }
        if (user.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return "username=\"" + escaped(user) + "\"";
        }
        StringBuilder encoded = new StringBuilder("username*=UTF-8''");
        for (byte b : user.getBytes(UTF_8)) {
            boolean plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
            encoded.append(plain ? String.valueOf((char) b) : String.format(Locale.ROOT, "%%%02X", b));
        }
        return encoded.toString();
    }

    /** Returns the text for logs, without user and password. */
    @Override
    public String toString() {
        return "Digest";
    }

    private static void quoted(StringBuilder header, String name, String value) {
        header.append(", ").append(name).append("=\"").append(escaped(value)).append('"');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static byte[] text(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] bytes(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private String hash(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm(challenge)).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this platform has no " + algorithm(challenge), e);
        }
    }
}
