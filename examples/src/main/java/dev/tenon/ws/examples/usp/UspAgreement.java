package dev.tenon.ws.examples.usp;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.frame.FrameHandler;
import java.util.Optional;

/**
 * The endpoint IDs of both ends. The extension owns no RSV bit and changes no frame, so it allows frames to be split
 * and shared.
 *
 * @param agreed the element of the server's response, which has the server's endpoint ID
 */
record UspAgreement(ExtensionOffer agreed) implements NegotiatedExtension {
    @Override
    public int rsv() {
        return 0;
    }

    @Override
    public boolean fragmentable() {
        return true;
    }

    @Override
    public Extension open(ExtensionContext context) {
        return new Extension() {
            @Override
            public FrameHandler inbound(FrameHandler next) {
                return next;
            }

            @Override
            public OutboundHandler outbound(OutboundHandler next) {
                return next;
            }

            @Override
            public Optional<Object> sharingKey() {
                return Optional.of(UspAgreement.class);
            }

            @Override
            public void close() {} // holds no resources
        };
    }
}
