module dev.tenon.consumer {
    requires dev.tenon.ws.frame;
}
