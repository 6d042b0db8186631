package dev.tenon.ws.client;

/** An authentication scheme that the client supports, the weakest first. */
public enum AuthScheme {
    /** The password itself, in base64 (RFC 7617); user name and password of SOCKS (RFC 1929) too. */
    BASIC,
    /** A hash of the password by MD5 (RFC 7616). */
    DIGEST_MD5,
    /** A hash of the password by SHA-256 (RFC 7616). */
    DIGEST_SHA_256
}
