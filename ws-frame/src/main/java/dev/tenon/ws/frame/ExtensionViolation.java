package dev.tenon.ws.frame;

/**
 * A rule of an extension. An extension with several rules implements this interface as an enum whose constants hold a
 * {@link Rule} each; {@link #of} makes a single one.
 *
 * <pre>{@code
 * static final ExtensionViolation CHECKSUM =
 *         ExtensionViolation.of("x-crc32c.mismatch", CloseCode.PROTOCOL_ERROR, "a frame does not match its CRC32C");
 * }</pre>
 */
public non-sealed interface ExtensionViolation extends ConnectionViolation {
    /**
     * A single rule that no document states.
     *
     * @param id the extension's name, a dot, and the rule in lower case, such as {@code x-crc32c.mismatch}
     * @param closeCode the code to fail the connection with, one that may be sent
     * @param description what the peer did, as a clause that the peer may read, without a full stop
     * @return the violation; two are equal if all three arguments are
     * @throws IllegalArgumentException if the id has another form, or the code must not be sent in a Close frame
     */
    static ExtensionViolation of(String id, CloseCode closeCode, String description) {
        return new NamedViolation(id, closeCode.value(), description);
    }
}
