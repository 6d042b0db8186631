/**
 * Runnable examples.
 *
 * <p>Each shows one use of Tenon in as few lines as it takes; not published.
 */
module dev.tenon.ws.examples {
    requires dev.tenon.ws.client;
    requires dev.tenon.ws.extension;
    requires dev.tenon.ws.server;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.common;
    requires io.netty.transport;
    requires static org.jspecify;
}
