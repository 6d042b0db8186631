/**
 * A WebSocket server and client for the terminal.
 *
 * <p>A tool for experiments and for the tests of Tenon; not published.
 */
@SuppressWarnings("module") // the module that it exports to depends on this one
module dev.tenon.ws.cli {
    requires dev.tenon.ws.client;
    requires dev.tenon.ws.server;
    requires dev.tenon.ws.suite;
    requires dev.tenon.ws.topics;
    requires info.picocli;
    requires jdk.unsupported;
    requires static org.jspecify;

    uses dev.tenon.ws.cli.DemoCarriers;
    uses dev.tenon.ws.extension.ExtensionProvider;
    uses dev.tenon.ws.suite.QuicTransport;

    exports dev.tenon.ws.cli to
            dev.tenon.ws.cli.netty;

    opens dev.tenon.ws.cli to
            info.picocli;
}
