package dev.tenon.ws.handshake;

/** The version of HTTP of a request or response. */
public enum HttpVersion {
    /** HTTP/1.0, which cannot upgrade (RFC 9110 §7.8); for plain HTTP and the responses of proxies. */
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
     * Whether heads of this version are text, and a client asks for an upgrade with {@code Upgrade}.
     *
     * @return true for HTTP/1.x
     */
    public boolean isHttp1() {
        return this == HTTP_1_0 || this == HTTP_1_1;
    }

    /**
     * Returns the version as in a start line.
     *
     * @return for example {@code HTTP/1.1}
     */
    @Override
    public String toString() {
        return text;
    }
}
