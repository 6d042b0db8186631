module dev.tenon.echo {
    requires dev.tenon.ws.client;
    requires dev.tenon.ws.server;
}
