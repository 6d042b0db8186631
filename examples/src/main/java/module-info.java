/**
 * Runnable examples.
 *
 * <p>Each shows one use of Tenon in as few lines as it takes; not published.
 */
module dev.tenon.ws.examples {
    requires dev.tenon.ws.client;
    requires dev.tenon.ws.extension;
    requires dev.tenon.ws.server;
    requires static org.jspecify;
}
