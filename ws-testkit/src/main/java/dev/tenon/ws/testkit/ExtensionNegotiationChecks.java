package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.FrameRecorder.check;

import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.frame.Opcode;
import java.util.ArrayList;
import java.util.List;

/** The checks of the laws about offers and responses. */
final class ExtensionNegotiationChecks {
    private final ExtensionLaws laws;

    ExtensionNegotiationChecks(ExtensionLaws laws) {
        this.laws = laws;
    }

    void theProviderAgreesWithItself() {
        ExtensionProvider provider = laws.provider();
        check(!provider.offers().isEmpty(), "a client would offer nothing");
        for (ExtensionOffer offer : provider.offers()) {
            check(offer.name().equals(provider.name()), "an offer named " + offer.name());
            NegotiatedExtension server = accepted(provider, offer);
            NegotiatedExtension client = provider.confirm(server.agreed());
            check(
                    server.agreed().name().equals(provider.name()),
                    "a response named " + server.agreed().name());
            check(server.rsv() == client.rsv() && (server.rsv() & ~7) == 0, "RSV bits " + server.rsv());
            check(server.opcodes().equals(client.opcodes()), "two ends that own different opcodes");
            check(server.opcodes().stream().allMatch(Opcode::isReserved), "unavailable opcodes");
            check(accepted(provider, offer).agreed().equals(server.agreed()), "two responses to the same offer");
        }
    }

    void badParametersAreRefused() {
        ExtensionProvider provider = laws.provider();
        List<ExtensionOffer> bad = new ArrayList<>(laws.badElements());
        bad.add(ExtensionOffer.of(provider.name(), Parameter.flag("x-no-such-parameter")));
        for (ExtensionOffer offer : provider.offers()) {
            for (Parameter parameter : offer.parameters()) {
                List<Parameter> twice = new ArrayList<>(offer.parameters());
                twice.add(parameter);
                bad.add(new ExtensionOffer(offer.name(), twice));
            }
        }
        for (ExtensionOffer element : bad) {
            check(refuses(() -> provider.accept(element)), "a server accepted " + element);
            check(refuses(() -> provider.confirm(element)), "a client confirmed " + element);
        }
    }

    private static NegotiatedExtension accepted(ExtensionProvider provider, ExtensionOffer offer) {
        try {
            return provider.accept(offer);
        } catch (ExtensionException refusal) {
            throw new AssertionError("declined its own offer " + offer, refusal);
        }
    }

    private static boolean refuses(Runnable negotiation) {
        try {
            negotiation.run();
            return false;
        } catch (ExtensionException expected) {
            return true;
        }
    }
}
