/**
 * The parts of the tool's demo for HTTP/2 and HTTP/3.
 *
 * <p>A module of its own, so that the rest of the tool needs no Netty; not published.
 */
module dev.tenon.ws.cli.netty {
    requires dev.tenon.ws.cli;
    requires dev.tenon.ws.netty;
    requires static org.jspecify;

    provides dev.tenon.ws.cli.DemoCarriers with
            dev.tenon.ws.cli.netty.NettyCarriers;
}
