package dev.tenon.ws.conformance.broadcast;

import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.NegotiatedExtension;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often permessage-deflate is opened: once for each connection, and once for a shared message. */
final class CountingDeflate implements ExtensionProvider {
    private final PermessageDeflate deflate = new PermessageDeflate();
    private final AtomicInteger opened = new AtomicInteger();

    int opened() {
        return opened.get();
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
        return new Counted(deflate.accept(offer), opened);
    }

    @Override
    public NegotiatedExtension confirm(ExtensionOffer response) {
        return new Counted(deflate.confirm(response), opened);
    }

    private record Counted(NegotiatedExtension extension, AtomicInteger opened) implements NegotiatedExtension {
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
            opened.incrementAndGet();
            return extension.open(context);
        }
    }
}
