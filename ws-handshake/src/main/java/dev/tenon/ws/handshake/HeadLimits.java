package dev.tenon.ws.handshake;

/**
 * How much of a head is read before it is refused. Immutable. The statuses below are those that a server responds with.
 *
 * @param maxLength the longest head in bytes, line ends and the empty line included; 431 beyond
 * @param maxStartLine the longest request line or status line in bytes, without its line end; 414 beyond
 * @param maxHeaders the most header lines; 431 beyond
 */
public record HeadLimits(int maxLength, int maxStartLine, int maxHeaders) {
    /** For requests: 8 KiB in all, 8,000 bytes of it for the start line (RFC 9112 §3), and 100 headers. */
    public static final HeadLimits DEFAULT = new HeadLimits(8192, 8000, 100);

    /**
     * For responses, which gateways fill with cookies and policies: 64 KiB in all, 8,000 bytes of it for the start line,
     * and 500 headers. A client reads one at a time from a server that it has chosen, so it can afford more than a server.
     */
    public static final HeadLimits RESPONSES = new HeadLimits(64 << 10, 8000, 500);

    /**
     * Limits.
     *
     * @param maxLength the longest head in bytes
     * @param maxStartLine the longest start line in bytes
     * @param maxHeaders the most header lines
     * @throws IllegalArgumentException if one is not positive
     */
    public HeadLimits {
        if (maxLength < 1 || maxStartLine < 1 || maxHeaders < 1) {
            throw new IllegalArgumentException(
                    "limits are positive: " + maxLength + ", " + maxStartLine + ", " + maxHeaders);
        }
    }
}
