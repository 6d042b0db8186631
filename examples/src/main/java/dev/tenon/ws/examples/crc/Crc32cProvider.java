package dev.tenon.ws.examples.crc;

import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.NegotiatedExtension;
import java.util.List;

/** Negotiates {@code x-crc32c}, which has no parameters. Immutable: any number of connections can share it. */
public final class Crc32cProvider implements ExtensionProvider {
    private static final ExtensionOffer OFFER = ExtensionOffer.of("x-crc32c");

    /** The extension; it has no options. */
    public Crc32cProvider() {}

    @Override
    public String name() {
        return OFFER.name();
    }

    @Override
    public List<ExtensionOffer> offers() {
        return List.of(OFFER);
    }

    /**
     * Declines unknown parameters with a reason, because a later version may offer parameters that change the format.
     */
    @Override
    public NegotiatedExtension accept(ExtensionOffer offer) {
        if (!offer.parameters().isEmpty()) {
            throw new ExtensionException("x-crc32c has no parameters, but this came: " + offer);
        }
        return new Crc32c(OFFER);
    }

    /** A client fails where a server declines, because the server has agreed to something that was not offered. */
    @Override
    public NegotiatedExtension confirm(ExtensionOffer response) {
        return accept(response);
    }
}
