/**
 * Compression of messages: the extension {@code permessage-deflate} (RFC 7692).
 *
 * <p>Put this module on the module path or the class path, and endpoints negotiate it; no code has to name it. It uses
 * the zlib of the JDK. An idle connection holds no zlib memory.
 */
module dev.tenon.ws.deflate {
    requires transitive dev.tenon.ws.extension;
    requires static org.jspecify;

    exports dev.tenon.ws.deflate;

    provides dev.tenon.ws.extension.ExtensionProvider with
            dev.tenon.ws.deflate.PermessageDeflate;
}
