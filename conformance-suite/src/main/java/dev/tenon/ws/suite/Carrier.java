package dev.tenon.ws.suite;

/** The connection that carries the WebSockets of the peer under test. */
public enum Carrier {
    /** A TCP connection of its own, after an upgrade (RFC 6455 §4). */
    HTTP_1_1("HTTP/1.1", "http/1.1"),
    /**
     * A stream of HTTP/2, opened by an extended CONNECT (RFC 8441); without TLS both ends must know beforehand that
     * they speak HTTP/2.
     */
    HTTP_2("HTTP/2", "h2"),
    /** A stream of HTTP/3, opened by an extended CONNECT (RFC 9220). */
    HTTP_3("HTTP/3", "h3");

    private final String word;
    private final String alpn;

    Carrier(String word, String alpn) {
        this.word = word;
        this.alpn = alpn;
    }

    /** Its name in reports. */
    String word() {
        return word;
    }

    /** Its protocol name in ALPN (RFC 7301 §6). */
    String alpn() {
        return alpn;
    }
}
