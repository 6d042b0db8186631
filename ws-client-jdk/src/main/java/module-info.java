/**
 * Tenon's client behind the WebSocket interfaces of {@code java.net.http}.
 *
 * <p>For programs that are written for the JDK's client and need compression, timeouts and limits without a rewrite.
 */
module dev.tenon.ws.client.jdk {
    requires transitive dev.tenon.ws.client;
    requires transitive java.net.http;
    requires static org.jspecify;

    exports dev.tenon.ws.client.jdk;
}
