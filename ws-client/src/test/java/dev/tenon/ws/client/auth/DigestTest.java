package dev.tenon.ws.client.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.PasswordAuthentication;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
    private static final String NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    private static final String OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS";
    private static final String CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    private static Challenge challenge(String more) {
        return Challenge.parse(List.of("Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", nonce=\""
                        + NONCE + "\", opaque=\"" + OPAQUE + "\"" + more))
                .get(0);
    }

    /** RFC 7616 §3.9.1. */
    @ParameterizedTest
    @CsvSource({
        "MD5,8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256,753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    })
    void theExampleOfTheRfc(String algorithm, String response) {
        Digest digest = new Digest(challenge(", algorithm=" + algorithm), "Mufasa", "Circle of Life");
        assertEquals(
                "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", nonce=\"" + NONCE
                        + "\", uri=\"/dir/index.html\", response=\"" + response + "\", cnonce=\"" + CNONCE
                        + "\", opaque=\"" + OPAQUE + "\", algorithm=" + algorithm + ", qop=auth, nc=00000001",
                digest.authorization("GET", "/dir/index.html", CNONCE, 1));
    }

    @Test
    void eachUseIsCountedAndHasACnonceOfItsOwn() {
        Digest digest = new Digest(challenge(""), "Mufasa", "Circle of Life");
        String first = digest.authorization("GET", "/");
        String second = digest.authorization("GET", "/");
        assertTrue(first.endsWith("nc=00000001"), first);
        assertTrue(second.endsWith("nc=00000002"), second);
        String cnonce = first.substring(first.indexOf("cnonce="), first.indexOf(", opaque"));
        assertTrue(!second.contains(cnonce), second);
    }

    @Test
    void userNamesBeyondAsciiAreEncodedAndQuotesEscaped() {
        String encoded = new Digest(challenge(", charset=UTF-8"), "Jäsøn Doe", "Secret").authorization("GET", "/");
        assertTrue(encoded.startsWith("Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm="), encoded);
        String escaped = new Digest(challenge(""), "a\"b\\c", "Secret").authorization("GET", "/");
        assertTrue(escaped.startsWith("Digest username=\"a\\\"b\\\\c\", realm="), escaped);
        String broken = new Digest(challenge(""), "a\r\nX: b", "Secret").authorization("GET", "/");
        assertTrue(broken.startsWith("Digest username*=UTF-8''a%0D%0AX%3A%20b, realm="), broken);
    }

    /** RFC 7616 §3.9.2 has the hash for SHA-512-256; the rule is the same. */
    @Test
    void aUserNameIsHashedForAServerThatWantsThat() throws Exception {
        String hashed = new Digest(challenge(", userhash=true, algorithm=SHA-256"), "Mufasa", "Circle of Life")
                .authorization("GET", "/");
        byte[] hash = java.security.MessageDigest.getInstance("SHA-256")
                .digest("Mufasa:http-auth@example.org".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertTrue(
                hashed.startsWith(
                        "Digest username=\"" + java.util.HexFormat.of().formatHex(hash) + "\", userhash=true, realm="),
                hashed);
    }

    @Test
    void theStrongestThatCanBeAnsweredIsChosen() {
        String basic = "Basic realm=\"x\"";
        String md5 = "Digest realm=\"x\", qop=\"auth\", nonce=\"1\"";
        String sha = "Digest realm=\"x\", qop=\"auth\", nonce=\"2\", algorithm=SHA-256";
        assertEquals("2", strongest(basic, md5, sha).parameter("nonce"));
        assertEquals("1", strongest(md5 + ", " + basic).parameter("nonce"));
        assertEquals("basic", strongest("Negotiate", basic).scheme());
        assertEquals(
                "basic", strongest(sha.replace("SHA-256", "SHA-512-256"), basic).scheme());
        assertEquals(
                "basic",
                strongest(md5.replace("qop=\"auth\"", "qop=\"auth-int\""), basic)
                        .scheme());
        assertNull(Credential.strongest(Challenge.parse(List.of("Negotiate, Bearer realm=\"x\"")), scheme -> true));
    }

    private static Challenge strongest(String... lines) {
        Challenge strongest = Credential.strongest(Challenge.parse(List.of(lines)), scheme -> true);
        assertNotNull(strongest);
        return strongest;
    }

    @Test
    void onlyAStaleNonceOfTheSameRealmRenewsACredential() {
        Digest digest = new Digest(challenge(""), "Mufasa", "Circle of Life");
        assertNotNull(digest.renewed(challenge(", stale=true")));
        assertNull(digest.renewed(challenge(", stale=false")));
        assertNull(digest.renewed(challenge("")));
        assertNull(digest.renewed(Challenge.parse(List.of("Digest realm=\"y\", stale=true, nonce=\"1\", qop=auth"))
                .get(0)));
    }

    @Test
    void basicInLatin1OrUtf8() {
        assertEquals("Basic dGVzdDoxMjPCow==", basic("Basic realm=\"foo\", charset=\"UTF-8\"", "test", "123£"));
        assertEquals("Basic dGVzdDoxMjOj", basic("Basic realm=\"foo\"", "test", "123£"));
        assertEquals("Basic dGVzdDrigqw=", basic("Basic realm=\"foo\"", "test", "€"));
        assertThrows(IllegalArgumentException.class, () -> basic("Basic realm=\"foo\"", "te:st", "x"));
    }

    private static String basic(String line, String user, String password) {
        Challenge challenge = Challenge.parse(List.of(line)).get(0);
        return Credential.of(challenge, new PasswordAuthentication(user, password.toCharArray()))
                .authorization("GET", "/");
    }

    @Test
    void noPasswordShowsInText() {
        Challenge challenge = Challenge.parse(List.of("Basic realm=\"foo\"")).get(0);
        Credential credential = Credential.of(challenge, new PasswordAuthentication("u", "p".toCharArray()));
        assertEquals("Basic", credential.toString());
        assertEquals("Digest", new Digest(challenge(""), "Mufasa", "Circle of Life").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Digest",
                "Digest realm=\"x\"",
                "Digest nonce=\"1\"",
                "Digest qop=\"auth\"",
                "Digest qop=\"auth\", nonce=\"1\", algorithm=MD5-sess"
            })
    void aDigestThatCannotBeAnsweredIsNone(String line) {
        assertNull(Credential.strongest(Challenge.parse(List.of(line)), scheme -> true));
    }
}
