package dev.tenon.ws.handshake;

/**
 * The limits of a head. A server refuses a request beyond one with the status named here. Immutable.
 *
 * @param maxLength the longest head in bytes, with line ends and the empty line (431)
 * @param maxStartLine the longest request line or status line in bytes, without its line end (414)
 * @param maxHeaders the greatest number of header lines (431)
 */
public record HeadLimits(int maxLength, int maxStartLine, int maxHeaders) {
    /** For requests: 8 KiB in all, 8,000 bytes of it for the start line (RFC 9112 §3), and 100 headers. */
    public static final HeadLimits DEFAULT = new HeadLimits(8192, 8000, 100);

    /**
     * For responses, to which gateways add cookies and policies: 64 KiB in all, 8,000 bytes of it for the start line,
     * and 500 headers. A client reads one response at a time from a server that it has chosen, so it can allow more
     * than a server.
     */
    public static final HeadLimits RESPONSES = new HeadLimits(64 << 10, 8000, 500);

    /**
     * Limits.
     *
     * @param maxLength the longest head in bytes
     * @param maxStartLine the longest start line in bytes
     * @param maxHeaders the greatest number of header lines
     * @throws IllegalArgumentException if one is not positive
     */
    public HeadLimits {
        if (maxLength < 1 || maxStartLine < 1 || maxHeaders < 1) {
            throw new IllegalArgumentException(
                    "limits are positive: " + maxLength + ", " + maxStartLine + ", " + maxHeaders);
        }
    }
}
