/**
 * What a WebSocket extension is (RFC 6455 §9).
 *
 * <p>An extension has parameters, the reserved bits and opcodes that it uses, and two stages that frames pass, one for
 * each direction. Implement these interfaces to write one; {@link java.util.ServiceLoader} finds it, so no code has to
 * name it.
 */
module dev.tenon.ws.extension {
    requires transitive dev.tenon.ws.frame;
    requires static org.jspecify;

    exports dev.tenon.ws.extension;

    uses dev.tenon.ws.extension.ExtensionProvider;
}
