/**
 * Sockets over Linux's io_uring for the event loops of ws-server and ws-client.
 *
 * <p>This module is a selector provider in plain Java. It calls the C library by {@code java.lang.foreign}, which needs
 * JDK 22 or newer and native access for this module. It needs no other module. The event loops use the provider as they
 * use any provider of NIO.
 */
module dev.tenon.ws.transport.linux {
    requires static org.jspecify;

    exports dev.tenon.ws.transport.linux;
}
