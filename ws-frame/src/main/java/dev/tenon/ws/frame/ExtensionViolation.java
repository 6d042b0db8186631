package dev.tenon.ws.frame;

/**
 * A rule of an extension: the open end of the taxonomy. An extension with several implements this as an enum; one is named
 * in a line by {@link #of}.
 *
 * <pre>{@code
 * static final ExtensionViolation CHECKSUM =
 *         ExtensionViolation.of("x-crc32c.mismatch", CloseCode.PROTOCOL_ERROR, "a frame does not match its CRC32C");
 * }</pre>
 */
public non-sealed interface ExtensionViolation extends ConnectionViolation {
    /**
     * A rule that no document has.
     *
     * @param id the extension's name, a dot, and the rule in lower case, such as {@code x-crc32c.mismatch}
     * @param closeCode the code to fail the connection with, one that may be sent
     * @param rule what the peer did, in words fit for its eyes, without a full stop
     * @return the rule as a value: equal if all three are
     * @throws IllegalArgumentException if the id has another form, or the code may not stand in a Close frame
     */
    static ExtensionViolation of(String id, CloseCode closeCode, String rule) {
        return new NamedViolation(id, closeCode.value(), rule);
    }
}
