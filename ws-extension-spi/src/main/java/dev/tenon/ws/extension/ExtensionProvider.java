package dev.tenon.ws.extension;

import java.util.List;

/**
 * An extension that can be negotiated (RFC 6455 §9), with its options. What an author implements; found by
 * {@link java.util.ServiceLoader} or given explicitly, see {@link Extensions}.
 *
 * <p>A provider is immutable and thread-safe: the same one negotiates for any number of connections, and none of them
 * can be seen through it.
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
     * As a server, answers one offer.
     *
     * @param offer what the client offers, of this {@link #name()}; its parameters may be anything
     * @return what both will do
     * @throws ExtensionException to decline, with the reason; a later offer may then be accepted
     */
    NegotiatedExtension answer(ExtensionOffer offer);

    /**
     * As a client, checks what the server agreed to.
     *
     * @param answer the server's element, of this {@link #name()}; its parameters may be anything
     * @return what both will do
     * @throws ExtensionException if the answer does not fit the {@link #offers()} or the extension's rules
     */
    NegotiatedExtension confirm(ExtensionOffer answer);
}
