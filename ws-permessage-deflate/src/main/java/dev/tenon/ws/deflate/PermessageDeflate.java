package dev.tenon.ws.deflate;

import static dev.tenon.ws.deflate.DeflateParameters.ABSENT;

import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.NegotiatedExtension;
import java.util.List;
import java.util.Optional;

/**
 * The extension {@code permessage-deflate} (RFC 7692). Immutable and thread-safe; found by
 * {@link java.util.ServiceLoader} with its defaults.
 *
 * <p>No context is taken over from one message to the next, in either direction, so that an idle connection holds
 * neither a window nor native memory.
 */
public final class PermessageDeflate implements ExtensionProvider {
    private static final DeflateParameters OFFER = new DeflateParameters(true, true, ABSENT, ABSENT);

    private final CodecPool pool = new CodecPool();

    /** The extension with its defaults. */
    public PermessageDeflate() {}

    /**
     * The registered token.
     *
     * @return {@code permessage-deflate}
     */
    @Override
    public String name() {
        return DeflateParameters.NAME;
    }

    @Override
    public List<ExtensionOffer> offers() {
        return List.of(OFFER.toElement());
    }

    /**
     * Declines an offer with parameters that RFC 7692 §7.1 does not allow, and one that limits the server's window,
     * which the JDK's compressor cannot do.
     */
    @Override
    public Optional<NegotiatedExtension> answer(ExtensionOffer offer) {
        return DeflateParameters.parse(offer)
                .filter(wanted -> wanted.serverMaxWindowBits() == ABSENT || wanted.serverMaxWindowBits() == 15)
                .map(wanted -> new DeflateParameters(true, true, wanted.serverMaxWindowBits(), ABSENT))
                .map(agreed -> new NegotiatedDeflate(agreed.toElement(), pool));
    }

    @Override
    public NegotiatedExtension confirm(ExtensionOffer answer) {
        DeflateParameters agreed = DeflateParameters.parse(answer)
                .orElseThrow(() -> new ExtensionException("permessage-deflate with parameters that RFC 7692 forbids"));
        if (!agreed.serverNoContextTakeover()) {
            throw new ExtensionException("permessage-deflate without server_no_context_takeover, which was asked for");
        }
        if (agreed.clientMaxWindowBits() != ABSENT) {
            throw new ExtensionException("permessage-deflate with client_max_window_bits, which was not offered");
        }
        return new NegotiatedDeflate(answer, pool);
    }
}
