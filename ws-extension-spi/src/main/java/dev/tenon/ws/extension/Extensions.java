package dev.tenon.ws.extension;

import dev.tenon.ws.frame.Opcode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The providers that an endpoint negotiates with, and the negotiation itself (RFC 6455 §9.1). Immutable and
 * thread-safe.
 *
 * <p>The order of a result is the order of the server's response: outbound frames pass the extensions in that order,
 * inbound frames in reverse (RFC 6455 §9.1).
 *
 * <pre>{@code
 * answer: a, b       application -> a -> b -> wire
 *                    application <- a <- b <- wire
 * }</pre>
 *
 * <p>A server responds in the client's order, with one exception: an extension that {@linkplain
 * NegotiatedExtension#reframes() makes other frames} comes before all extensions whose frames {@linkplain
 * NegotiatedExtension#fragmentable() must stay as they are}. If two extensions want the same RSV bit or opcode, the
 * server declines the later one.
 */
public final class Extensions {
    private static final Extensions NONE = new Extensions(Map.of(), (offer, reason) -> {});

    private final Map<String, ExtensionProvider> providers;
    private final BiConsumer<ExtensionOffer, String> declined;

    private Extensions(Map<String, ExtensionProvider> providers, BiConsumer<ExtensionOffer, String> declined) {
        this.providers = providers;
        this.declined = declined;
    }

    /**
     * No providers.
     *
     * @return an empty set
     */
    public static Extensions none() {
        return NONE;
    }

    /**
     * Exactly the given providers.
     *
     * @param providers the providers, in order of preference
     * @return a set of them
     * @throws IllegalArgumentException if two have the same name
     */
    public static Extensions of(ExtensionProvider... providers) {
        return of(List.of(providers));
    }

    /**
     * All providers that {@link ServiceLoader} finds on the module path and on the class path, as seen by this thread's
     * context class loader, or by the system class loader where there is none. They are sorted by name; use {@link #of}
     * for another order.
     *
     * @return a set of them
     * @throws IllegalArgumentException if two have the same name
     * @throws java.util.ServiceConfigurationError if one cannot be loaded
     */
    public static Extensions load() {
        List<ExtensionProvider> found = new ArrayList<>();
        ServiceLoader.load(ExtensionProvider.class).forEach(found::add);
        found.sort(Comparator.comparing(ExtensionProvider::name));
        return of(found);
    }

    private static Extensions of(Iterable<ExtensionProvider> found) {
        Map<String, ExtensionProvider> byName = new LinkedHashMap<>();
        for (ExtensionProvider provider : found) {
            ExtensionProvider other = byName.putIfAbsent(provider.name(), provider);
            if (other != null) {
                throw new IllegalArgumentException("two providers of the extension " + provider.name() + ": "
                        + other.getClass().getName() + " and "
                        + provider.getClass().getName() + "; leave one out or name the providers explicitly");
            }
        }
        return byName.isEmpty() ? NONE : new Extensions(byName, NONE.declined);
    }

    /**
     * The same providers, with one more listener for the offers that a server declines, for example to log them.
     *
     * @param listener receives the offer, whose parameters may be anything, and the reason; called on the thread that
     *     negotiates
     * @return the new set
     */
    public Extensions withDeclineListener(BiConsumer<ExtensionOffer, String> listener) {
        return new Extensions(providers, declined.andThen(listener));
    }

    /**
     * The offers of a client.
     *
     * @return the offers of all providers, in order of preference
     */
    public List<ExtensionOffer> offers() {
        return providers.values().stream()
                .flatMap(provider -> provider.offers().stream())
                .toList();
    }

    /**
     * As a server, accepts the offers of a request: each extension at most once, by the first of its offers that its
     * provider accepts and that has no conflict with an extension accepted before. {@link #withDeclineListener} reports
     * why the others are declined.
     *
     * @param offers what the client offers, in its order of preference
     * @return the accepted extensions, in the order of the response
     * @throws IllegalStateException if a provider claims bits or opcodes that no extension can own, or accepts another
     *     extension
     */
    public List<NegotiatedExtension> accept(List<ExtensionOffer> offers) {
        if (offers.isEmpty()) {
            return List.of();
        }
        Agreed agreed = new Agreed();
        for (ExtensionOffer offer : offers) {
            String reason = decline(offer, agreed);
            if (reason != null) {
                declined.accept(offer, reason);
            }
        }
        return List.copyOf(agreed.extensions);
    }

    /** Accepts an offer, or returns the reason to decline it. Null if it was accepted. */
    private @Nullable String decline(ExtensionOffer offer, Agreed agreed) {
        ExtensionProvider provider = providers.get(offer.name());
        if (provider == null) {
            return "no provider of this extension";
        }
        if (agreed.has(offer.name())) {
            return null; // an earlier offer of the same extension was accepted, and this one is its fallback
        }
        NegotiatedExtension candidate;
        try {
            candidate = provider.accept(offer);
        } catch (ExtensionException refusal) {
            return String.valueOf(refusal.getMessage());
        }
        String conflict = agreed.insertUnlessInConflict(provider.name(), candidate);
        return conflict == null ? null : "in conflict: " + offer.name() + " and " + conflict;
    }

    /**
     * As a client, checks a server's response against {@link #offers()}.
     *
     * @param response the elements of the response, in order
     * @return the extensions in use, in the order of the response
     * @throws ExtensionException if an extension was not offered, occurs twice, conflicts with an earlier one, or has
     *     parameters that do not fit
     * @throws IllegalStateException if a provider claims bits or opcodes that no extension can own, or confirms another
     *     extension
     */
    public List<NegotiatedExtension> confirm(List<ExtensionOffer> response) {
        Agreed agreed = new Agreed();
        for (ExtensionOffer given : response) {
            ExtensionProvider provider = offered(given.name());
            ExtensionOffer element = new ExtensionOffer(provider.name(), given.parameters());
            if (agreed.has(element.name())) {
                throw new ExtensionException(NegotiationViolation.REPEATED, element.name());
            }
            String conflict = agreed.addUnlessInConflict(provider.name(), provider.confirm(element));
            if (conflict != null) {
                throw new ExtensionException(NegotiationViolation.CONFLICT, element.name() + " and " + conflict);
            }
        }
        return List.copyOf(agreed.extensions);
    }

    /** Ignores upper and lower case, because a server that compares names without case may write them differently. */
    private ExtensionProvider offered(String name) {
        ExtensionProvider found = providers.get(name);
        for (ExtensionProvider each : found == null ? providers.values() : List.<ExtensionProvider>of()) {
            found = each.name().equalsIgnoreCase(name) ? each : found;
        }
        if (found == null || found.offers().isEmpty()) {
            throw new ExtensionException(NegotiationViolation.NOT_OFFERED, name);
        }
        return found;
    }

    /** The extensions that one negotiation has accepted so far. */
    private static final class Agreed {
        private final List<NegotiatedExtension> extensions = new ArrayList<>();

        boolean has(String name) {
            return extensions.stream().anyMatch(e -> e.agreed().name().equals(name));
        }

        /**
         * Adds a candidate behind the others. In a conflict, returns the name of the other extension and the reason.
         */
        @Nullable
        String addUnlessInConflict(String name, NegotiatedExtension candidate) {
            requireName(name, candidate);
            requireReserved(candidate);
            String conflict = sharedOwner(candidate);
            if (conflict != null) {
                return conflict;
            }
            for (NegotiatedExtension earlier : extensions) {
                if (!mayFollow(candidate, earlier)) {
                    return earlier.agreed().name() + ", which has to stand behind it: its frames cannot be made anew";
                }
            }
            extensions.add(candidate);
            return null;
        }

        /**
         * Inserts a candidate at the last position that the order allows. In a conflict, returns the name of the other
         * extension and the reason.
         */
        @Nullable
        String insertUnlessInConflict(String name, NegotiatedExtension candidate) {
            requireName(name, candidate);
            requireReserved(candidate);
            String conflict = sharedOwner(candidate);
            if (conflict != null) {
                return conflict;
            }
            int at = 0;
            while (at < extensions.size() && mayFollow(candidate, extensions.get(at))) {
                at++;
            }
            for (NegotiatedExtension later : extensions.subList(at, extensions.size())) {
                if (!mayFollow(later, candidate)) {
                    return later.agreed().name() + ": each makes other frames, and neither's may be made anew";
                }
            }
            extensions.add(at, candidate);
            return null;
        }

        private static boolean mayFollow(NegotiatedExtension later, NegotiatedExtension earlier) {
            return !later.reframes() || earlier.fragmentable();
        }

        private @Nullable String sharedOwner(NegotiatedExtension candidate) {
            for (NegotiatedExtension earlier : extensions) {
                if ((earlier.rsv() & candidate.rsv()) != 0 || meet(earlier.opcodes(), candidate.opcodes())) {
                    return earlier.agreed().name() + ", which use the same RSV bit or opcode";
                }
            }
            return null;
        }

        private static void requireName(String name, NegotiatedExtension candidate) {
            if (!candidate.agreed().name().equals(name)) {
                throw new IllegalStateException("the provider of the extension " + name + " agreed to another one: "
                        + candidate.agreed().name());
            }
        }

        private static void requireReserved(NegotiatedExtension candidate) {
            if ((candidate.rsv() & ~7) != 0 || !candidate.opcodes().stream().allMatch(Opcode::isReserved)) {
                throw new IllegalStateException("the provider of the extension "
                        + candidate.agreed().name() + " claims more than RSV1-3 and reserved opcodes: RSV bits "
                        + candidate.rsv() + ", opcodes " + candidate.opcodes());
            }
        }

        private static boolean meet(Set<Opcode> some, Set<Opcode> others) {
            Set<Opcode> both = EnumSet.noneOf(Opcode.class);
            both.addAll(some);
            both.retainAll(others);
            return !both.isEmpty();
        }
    }
}
