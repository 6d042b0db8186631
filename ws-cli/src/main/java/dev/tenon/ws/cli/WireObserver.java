package dev.tenon.ws.cli;

/** Is told what goes over a wire: by a {@link WireReader}, one call at a time. */
interface WireObserver {
    /** Who has sent something. */
    enum Sender {
        CLIENT,
        SERVER
    }

    /** A head of HTTP, without the empty line at its end. */
    void head(Sender sender, String head);

    /** A whole frame. */
    void frame(Sender sender, SeenFrame frame);

    /** The sender broke the rules of framing: nothing more of it can be parsed. */
    void broken(Sender sender, String rule);
}
