package dev.tenon.ws.extension;

import dev.tenon.ws.frame.FirstByte;
import java.util.HashSet;
import java.util.List;

/**
 * The base class of extensions that work on whole messages, as most do. The author lists the offers and writes a {@link
 * MessageCodec}. The base class handles negotiation, fragments, pieces, control frames, RSV bits and limits.
 *
 * <pre>{@code
 * public final class Rot13 extends MessageExtensionProvider {
 *     public Rot13() {
 *         super(FirstByte.RSV2, ExtensionOffer.of("x-rot13"));
 *     }
 *
 *     protected MessageCodec open(ExtensionOffer agreed, ExtensionContext context) {
 *         return new Rot13Codec();
 *     }
 * }
 * }</pre>
 *
 * <p>A server accepts an offer, and a client a response, that is equal to one of the offers of this provider. To
 * negotiate parameters in another way, such as the smaller of two numbers, implement {@link ExtensionProvider} instead.
 * A message that arrives in pieces is held in memory until its end, in both directions; to avoid that, implement {@link
 * Extension}. A subclass is immutable and thread-safe.
 */
public abstract class MessageExtensionProvider implements ExtensionProvider {
    private final int rsv;
    private final List<ExtensionOffer> offers;

    /**
     * A provider.
     *
     * @param rsv the RSV bit that marks an encoded message, such as {@link FirstByte#RSV2}
     * @param offers the offers of a client, in order of preference, all with the same name: one with the name alone, or
     *     one for each set of parameters
     * @throws IllegalArgumentException if there is no RSV bit, or no offer, or offers of several names
     */
    protected MessageExtensionProvider(int rsv, ExtensionOffer... offers) {
        this.rsv = rsv;
        this.offers = List.of(offers);
        if (rsv < 1 || rsv > 7) {
            throw new IllegalArgumentException(
                    "without an RSV bit encoded messages cannot be distinguished from others: " + rsv);
        }
        if (this.offers.stream().map(ExtensionOffer::name).distinct().count() != 1) {
            throw new IllegalArgumentException("offers of one name are needed, not " + this.offers);
        }
    }

    /**
     * Opens a codec for one connection.
     *
     * @param agreed the offer that both ends have agreed on
     * @param context the role and limits of the connection
     * @return a new codec for this connection
     */
    protected abstract MessageCodec open(ExtensionOffer agreed, ExtensionContext context);

    /**
     * The greatest length of an encoded message. A sender must not exceed it, and a receiver refuses a longer one.
     *
     * @param messageLength the length of the message, in bytes
     * @return bytes; by default the length of the message, for codecs that never make it longer
     */
    protected long maxEncodedLength(long messageLength) {
        return messageLength;
    }

    @Override
    public final String name() {
        return offers.get(0).name();
    }

    @Override
    public final List<ExtensionOffer> offers() {
        return offers;
    }

    @Override
    public final NegotiatedExtension accept(ExtensionOffer offer) {
        return agree(offer);
    }

    @Override
    public final NegotiatedExtension confirm(ExtensionOffer response) {
        return agree(response);
    }

    private NegotiatedExtension agree(ExtensionOffer element) {
        for (ExtensionOffer offer : offers) {
            if (isSame(offer, element)) {
                return new Agreed(this, offer);
            }
        }
        throw new ExtensionException("parameters that this end does not know: " + element);
    }

    /** Compares parameters in any order, which has no meaning (RFC 6455 §9.1). */
    private static boolean isSame(ExtensionOffer offer, ExtensionOffer element) {
        return offer.parameters().size() == element.parameters().size()
                && new HashSet<>(offer.parameters()).equals(new HashSet<>(element.parameters()));
    }

    /** The negotiated extension, for any number of connections. */
    private record Agreed(MessageExtensionProvider provider, ExtensionOffer agreed) implements NegotiatedExtension {
        @Override
        public int rsv() {
            return provider.rsv;
        }

        @Override
        public long maxPayloadLength(long messageLength) {
            return Math.max(messageLength, provider.maxEncodedLength(messageLength));
        }

        @Override
        public boolean fragmentable() {
            return true;
        }

        @Override
        public boolean reframes() {
            return true;
        }

        @Override
        public Extension open(ExtensionContext context) {
            return new MessageExtension(this, context, provider.open(agreed, context));
        }
    }
}
