package dev.tenon.ws.extension;

/** Offers one extension to the negotiation. */
public interface ExtensionProvider {

    /**
     * The extension's registered name.
     *
     * @return the token used in {@code Sec-WebSocket-Extensions}
     */
    String name();
}
