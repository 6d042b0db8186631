package dev.tenon.ws.testkit;

import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.ThreadResources;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.testkit.FrameRecorder.Recorded;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Two ends that have agreed on any of the provider's offers. */
final class ExtensionPair {
    static final long BUDGET = 1 << 22;

    /** The resources that both ends share, like connections of one thread. */
    private final ThreadResources resources;

    final NegotiatedExtension negotiated;
    final ExtensionEnd client;
    final ExtensionEnd server;

    ExtensionPair(ExtensionProvider provider, long budget, Random choice) {
        this(provider, budget, anyOffer(provider, choice));
    }

    ExtensionPair(ExtensionProvider provider, long budget, ExtensionOffer offer) {
        this(provider, budget, offer, new ThreadResources());
    }

    /** A pair that shares resources with others, like connections of one thread. */
    ExtensionPair(ExtensionProvider provider, long budget, ExtensionOffer offer, ThreadResources resources) {
        this.resources = resources;
        negotiated = provider.accept(offer);
        client = new ExtensionEnd(
                provider.confirm(negotiated.agreed()), new ExtensionContext(Role.CLIENT, budget, resources));
        server = new ExtensionEnd(negotiated, new ExtensionContext(Role.SERVER, budget, resources));
    }

    static ExtensionOffer anyOffer(ExtensionProvider provider, Random choice) {
        List<ExtensionOffer> offers = provider.offers();
        return offers.get(choice.nextInt(offers.size()));
    }

    ExtensionEnd end(Role role) {
        return role == Role.CLIENT ? client : server;
    }

    /** Closes both ends and the shared resources. */
    void close() {
        closeEnds();
        resources.close();
    }

    void closeEnds() {
        client.extension.close();
        server.extension.close();
    }

    /** Delivers one frame of each direction in turn, until all have arrived. */
    static void passOnInTurn(List<ExtensionPair> pairs, Random cuts) {
        Map<ExtensionEnd, Iterator<Recorded>> underWay = new LinkedHashMap<>();
        for (ExtensionPair pair : pairs) {
            underWay.put(pair.server, pair.client.wire.take().iterator());
            underWay.put(pair.client, pair.server.wire.take().iterator());
        }
        while (underWay.values().stream().anyMatch(Iterator::hasNext)) {
            underWay.forEach((end, frames) -> {
                if (frames.hasNext()) {
                    end.receive(List.of(frames.next()), cuts);
                }
            });
        }
    }
}
