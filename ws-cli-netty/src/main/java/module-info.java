/**
 * The parts of the tool for HTTP/2 and HTTP/3: the servers of its demo, and QUIC for its conformance suite.
 *
 * <p>A module of its own, so that the rest of the tool needs no Netty; not published.
 */
module dev.tenon.ws.cli.netty {
    requires dev.tenon.ws.cli;
    requires dev.tenon.ws.netty;
    requires dev.tenon.ws.suite;
    requires static org.jspecify;

    provides dev.tenon.ws.cli.DemoCarriers with
            dev.tenon.ws.cli.netty.NettyCarriers;
    provides dev.tenon.ws.suite.QuicTransport with
            dev.tenon.ws.cli.netty.NettyQuic;
}
