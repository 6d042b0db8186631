package dev.tenon.ws.cli;

import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import java.util.List;
import java.util.ServiceLoader;

/**
 * An extension that an endpoint can decline for a request. A server calls the endpoint and then the providers on one
 * thread, so a thread-local passes the decision.
 */
final class DeclinableExtension implements ExtensionProvider {
    private static final ThreadLocal<Boolean> DECLINED = ThreadLocal.withInitial(() -> false);

    private final ExtensionProvider provider;

    private DeclinableExtension(ExtensionProvider provider) {
        this.provider = provider;
    }

    /** All available extensions, each declinable. */
    static Extensions load() {
        return Extensions.of(ServiceLoader.load(ExtensionProvider.class).stream()
                .map(found -> new DeclinableExtension(found.get()))
                .toArray(ExtensionProvider[]::new));
    }

    /** Called by an endpoint for the request that it is about to accept. */
    static void decline(boolean declined) {
        DECLINED.set(declined);
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public List<ExtensionOffer> offers() {
        return provider.offers();
    }

    @Override
    public NegotiatedExtension accept(ExtensionOffer offer) {
        if (DECLINED.get()) {
            throw new ExtensionException("the endpoint allows no extension for this request");
        }
        return provider.accept(offer);
    }

    @Override
    public NegotiatedExtension confirm(ExtensionOffer response) {
        return provider.confirm(response);
    }
}
