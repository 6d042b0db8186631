package dev.tenon.ws.frame;

/** The two ends of a WebSocket connection (RFC 6455 §1.2). The only rule of framing that differs is masking. */
public enum Role {
    /** The end that opened the connection. It masks every frame it sends (RFC 6455 §5.1). */
    CLIENT,
    /** The end that accepted the connection. It never masks (RFC 6455 §5.1). */
    SERVER;

    /**
     * Returns the other end.
     *
     * @return {@code SERVER} for {@code CLIENT} and the reverse
     */
    public Role peer() {
        return this == CLIENT ? SERVER : CLIENT;
    }
}
