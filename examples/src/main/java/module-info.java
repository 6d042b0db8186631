/**
 * Runnable examples.
 *
 * <p>Each shows one use of Tenon in as few lines as it takes; not published.
 */
@SuppressWarnings("requires-automatic") // Micrometer has no module descriptor.
module dev.tenon.ws.examples {
    requires com.github.luben.zstd_jni;
    requires dev.tenon.ws.client;
    requires dev.tenon.ws.extension;
    requires dev.tenon.ws.netty;
    requires dev.tenon.ws.server;
    requires dev.tenon.ws.topics.nats;
    requires micrometer.core;
    requires static org.jspecify;

    provides dev.tenon.ws.extension.ExtensionProvider with
            dev.tenon.ws.examples.crc.Crc32cProvider,
            dev.tenon.ws.examples.usp.UspProtocol,
            dev.tenon.ws.examples.zstd.PermessageZstd;
}
