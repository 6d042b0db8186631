package dev.tenon.ws.extension;

import java.util.List;

/**
 * An extension that can be negotiated (RFC 6455 §9), with its options. The author of an extension implements this
 * interface; {@link Extensions} finds providers by {@link java.util.ServiceLoader} or is given them.
 *
 * <p>A provider is immutable and thread-safe: one provider negotiates for any number of connections, and holds no state
 * of any of them.
 */
public interface ExtensionProvider {
    /**
     * The extension's registered token.
     *
     * @return an HTTP token, always the same
     */
    String name();

    /**
     * What a client offers, in order of preference (RFC 6455 §9.1).
     *
     * @return offers of this {@link #name()}; empty to offer nothing
     */
    List<ExtensionOffer> offers();

    /**
     * As a server, accepts one offer or declines it.
     *
     * @param offer what the client offers, of this {@link #name()}; its parameters may be anything
     * @return the parameters that both ends will use
     * @throws ExtensionException to decline the offer, with the reason; a later offer may then be accepted
     */
    NegotiatedExtension accept(ExtensionOffer offer);

    /**
     * As a client, checks the server's response.
     *
     * @param response the server's element, of this {@link #name()}; its parameters may be anything
     * @return the parameters that both ends will use
     * @throws ExtensionException if the response does not fit the {@link #offers()} or the extension's rules
     */
    NegotiatedExtension confirm(ExtensionOffer response);
}
