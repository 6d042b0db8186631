package dev.tenon.ws.conformance.faults;

import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.NegotiatedExtension;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * permessage-deflate of which a test sees each opened extension.
 *
 * @param deflate the extension
 * @param observer is called with each opened extension, and returns the one that the connection uses
 */
public record ObservedDeflate(PermessageDeflate deflate, UnaryOperator<Extension> observer)
        implements ExtensionProvider {
    /**
     * permessage-deflate with its defaults.
     *
     * @param observer is called with each opened extension, and returns the one that the connection uses
     */
    public ObservedDeflate(UnaryOperator<Extension> observer) {
        this(new PermessageDeflate(), observer);
    }

    @Override
    public String name() {
        return deflate.name();
    }

    @Override
    public List<ExtensionOffer> offers() {
        return deflate.offers();
    }

    @Override
    public NegotiatedExtension accept(ExtensionOffer offer) {
        return new Observed(deflate.accept(offer), observer);
    }

    @Override
    public NegotiatedExtension confirm(ExtensionOffer response) {
        return new Observed(deflate.confirm(response), observer);
    }

    private record Observed(NegotiatedExtension extension, UnaryOperator<Extension> observer)
            implements NegotiatedExtension {
        @Override
        public ExtensionOffer agreed() {
            return extension.agreed();
        }

        @Override
        public int rsv() {
            return extension.rsv();
        }

        @Override
        public long maxPayloadLength(long messageLength) {
            return extension.maxPayloadLength(messageLength);
        }

        @Override
        public boolean fragmentable() {
            return extension.fragmentable();
        }

        @Override
        public Extension open(ExtensionContext context) {
            return observer.apply(extension.open(context));
        }
    }
}
