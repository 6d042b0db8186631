package dev.tenon.ws.cli;

/** Receives the heads and frames of a {@link WireReader}, one call at a time. */
interface WireObserver {
    /** The sender of a head or frame. */
    enum Sender {
        CLIENT,
        SERVER
    }

    /** A head of HTTP, without the empty line at its end. */
    void head(Sender sender, String head);

    /** A whole frame. */
    void frame(Sender sender, SeenFrame frame);

    /** The sender has broken a rule of framing, so its further bytes cannot be parsed. */
    void broken(Sender sender, String rule);
}
