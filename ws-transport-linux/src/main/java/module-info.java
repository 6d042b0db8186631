/**
 * Sockets over Linux's io_uring for the event loops of ws-server and ws-client.
 *
 * <p>A selector provider in plain Java: it calls the C library by {@code java.lang.foreign}, which takes JDK 22 or newer and
 * native access for this module. It needs no other module; loops are given its provider and know it as one of NIO.
 */
module dev.tenon.ws.transport.linux {
    requires static org.jspecify;

    exports dev.tenon.ws.transport.linux;
}
