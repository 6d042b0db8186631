package dev.tenon.ws.handshake;

/** The versions of HTTP that a handshake can travel in. */
public enum HttpVersion {
    /** HTTP/1.0, which cannot upgrade (RFC 9110 §7.8), but may be plain HTTP or a proxy's response. */
    HTTP_1_0("HTTP/1.0"),
    /** HTTP/1.1, and any later minor version of it (RFC 9110 §2.5). */
    HTTP_1_1("HTTP/1.1"),
    /** HTTP/2, by extended CONNECT (RFC 8441). */
    HTTP_2("HTTP/2"),
    /** HTTP/3, by extended CONNECT (RFC 9220). */
    HTTP_3("HTTP/3");

    private final String text;

    HttpVersion(String text) {
        this.text = text;
    }

    /**
     * Whether heads of this version are text, and an upgrade is asked for with {@code Upgrade}.
     *
     * @return true for HTTP/1.x
     */
    public boolean isHttp1() {
        return this == HTTP_1_0 || this == HTTP_1_1;
    }

    /**
     * The version as it stands in a start line.
     *
     * @return for example {@code HTTP/1.1}
     */
    @Override
    public String toString() {
        return text;
    }
}
