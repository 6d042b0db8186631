package dev.tenon.ws.deflate;

import static dev.tenon.ws.deflate.DeflateOptions.MAX_WINDOW_BITS;
import static dev.tenon.ws.deflate.DeflateParameters.ABSENT;
import static dev.tenon.ws.deflate.DeflateParameters.NO_VALUE;

import dev.tenon.ws.deflate.NegotiatedDeflate.Direction;
import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.NegotiatedExtension;
import java.util.ArrayList;
import java.util.List;

/**
 * The extension {@code permessage-deflate} (RFC 7692). Thread-safe; {@link java.util.ServiceLoader} finds it with
 * {@linkplain DeflateOptions#defaults() the default options}. To use other options, pass a provider explicitly:
 *
 * <pre>{@code
 * Extensions.of(new PermessageDeflate(DeflateOptions.defaults().withLevel(6)));
 * }</pre>
 *
 * <p>A provider owns a pool of codecs that all of its connections share: at most {@link DeflateOptions#pooledCodecs()}
 * idle codecs of each kind, and those in use. {@link #nativeBytes()} counts their native memory. {@link #close()} frees
 * it; otherwise the garbage collector does so at some time.
 */
public final class PermessageDeflate implements ExtensionProvider, AutoCloseable {
    private final DeflateOptions options;
    private final CodecPool pool;
    private final List<DeflateParameters> offers;

    /** The extension with its defaults. */
    public PermessageDeflate() {
        this(DeflateOptions.defaults());
    }

    /**
     * The extension with options.
     *
     * @param options how to compress
     */
    public PermessageDeflate(DeflateOptions options) {
        this.options = options;
        this.pool = new CodecPool(options.level(), options.pooledCodecs());
        this.offers = offers(options);
    }

    private static List<DeflateParameters> offers(DeflateOptions options) {
        boolean clientForgets = !options.keepsOutboundContext();
        boolean serverForgets = !options.inboundTakeover();
        // RFC 7692 §7.1.2.2: the value is the largest window of this end, so that the server can allocate less
        int clientBits = options.outboundWindowBits() < MAX_WINDOW_BITS ? options.outboundWindowBits() : NO_VALUE;
        List<DeflateParameters> offers = new ArrayList<>(3);
        if (options.serverWindowRequested() && !serverForgets && options.inboundWindowBits() < MAX_WINDOW_BITS) {
            offers.add(new DeflateParameters(false, clientForgets, options.inboundWindowBits(), clientBits));
        }
        offers.add(new DeflateParameters(serverForgets, clientForgets, ABSENT, clientBits));
        // RFC 7692 §5.1: a fallback for servers that decline unknown parameters
        offers.add(new DeflateParameters(serverForgets, false, ABSENT, ABSENT));
        return List.copyOf(offers);
    }

    /**
     * The registered token.
     *
     * @return {@code permessage-deflate}
     */
    @Override
    public String name() {
        return DeflateParameters.NAME;
    }

    /**
     * An offer with all parameters that this end wants, and a fallback without the parameters that a server could
     * decline.
     *
     * @return the offers, in order of preference
     */
    @Override
    public List<ExtensionOffer> offers() {
        return offers.stream().map(DeflateParameters::toElement).toList();
    }

    /**
     * Accepts every offer that RFC 7692 §7.1 allows, with any window size.
     *
     * @param offer what the client offers
     * @return the negotiated extension
     * @throws ExtensionException if a parameter is unknown, occurs twice, or has a value that is out of range
     */
    @Override
    public NegotiatedExtension accept(ExtensionOffer offer) {
        return accept(DeflateParameters.parse(offer));
    }

    private NegotiatedExtension accept(DeflateParameters wanted) {
        boolean serverForgets = wanted.serverNoContextTakeover() || !options.keepsOutboundContext();
        int serverBits = options.outboundWindowBits();
        if (wanted.serverMaxWindowBits() != ABSENT) {
            serverBits = Math.min(serverBits, wanted.serverMaxWindowBits());
        }
        int clientBits = clientBits(wanted);
        boolean clientForgets = wanted.clientNoContextTakeover() || !options.inboundTakeover();
        DeflateParameters agreed = new DeflateParameters(
                serverForgets,
                clientForgets,
                wanted.serverMaxWindowBits() == ABSENT ? ABSENT : serverBits,
                clientBits == MAX_WINDOW_BITS ? ABSENT : clientBits);
        return new NegotiatedDeflate(
                agreed.toElement(),
                options,
                pool,
                new Direction(!serverForgets, serverBits),
                new Direction(!clientForgets, clientBits));
    }

    /** RFC 7692 §7.1.2.2: a client is limited only if it has offered that, and never to more than it has offered. */
    private int clientBits(DeflateParameters wanted) {
        if (wanted.clientMaxWindowBits() == ABSENT) {
            return MAX_WINDOW_BITS;
        }
        // without context takeover, the client's window costs this end nothing, and the largest one compresses best
        int bits = options.inboundTakeover() ? options.inboundWindowBits() : MAX_WINDOW_BITS;
        return wanted.clientMaxWindowBits() == NO_VALUE ? bits : Math.min(bits, wanted.clientMaxWindowBits());
    }

    /**
     * Checks that the response fits the offers (RFC 7692 §7.1).
     *
     * @param response the server's element
     * @return the negotiated extension
     * @throws ExtensionException if a parameter is unknown, occurs twice, has a value that is out of range, was not
     *     offered, or is required and missing
     */
    @Override
    public NegotiatedExtension confirm(ExtensionOffer response) {
        DeflateParameters agreed = DeflateParameters.parseResponse(response);
        if (offers.stream().noneMatch(agreed::answers)) {
            throw new ExtensionException("the server agreed to " + response + ", which was not offered");
        }
        boolean clientForgets = agreed.clientNoContextTakeover() || !options.keepsOutboundContext();
        return new NegotiatedDeflate(
                response,
                options,
                pool,
                new Direction(
                        !clientForgets, Math.min(bits(agreed.clientMaxWindowBits()), options.outboundWindowBits())),
                new Direction(!agreed.serverNoContextTakeover(), bits(agreed.serverMaxWindowBits())));
    }

    private static int bits(int agreed) {
        return agreed == ABSENT ? MAX_WINDOW_BITS : agreed;
    }

    /**
     * The native memory of this provider's codecs, idle or in use, as zlib allocates it.
     *
     * @return bytes, computed from the number of codecs
     */
    public long nativeBytes() {
        return pool.nativeBytes();
    }

    int codecsOut() {
        return pool.codecsOut();
    }

    /**
     * Frees the native memory of all idle codecs now, and that of the others when their connections release them. Open
     * connections continue without a pool. The garbage collector frees the direct buffer of 16 KiB that belongs to each
     * codec.
     */
    @Override
    public void close() {
        pool.close();
    }
}
