package dev.tenon.ws.extension;

import dev.tenon.ws.frame.Opcode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The providers that an endpoint negotiates with, and the negotiation itself (RFC 6455 §9.1). Immutable and
 * thread-safe.
 *
 * <p>The order of a result is the order of the server's answer: outbound frames pass the extensions in that order,
 * inbound frames in reverse (RFC 6455 §9.1). Of two extensions that want the same RSV bit or opcode the first keeps it
 * and the later one is declined; so is one that {@linkplain NegotiatedExtension#reframes() makes other frames} behind one
 * whose frames {@linkplain NegotiatedExtension#fragmentable() must stay as they are}: put that one last.
 */
public final class Extensions {
    private static final Extensions NONE = new Extensions(Map.of());

    private final Map<String, ExtensionProvider> providers;

    private Extensions(Map<String, ExtensionProvider> providers) {
        this.providers = providers;
    }

    /**
     * No extension at all.
     *
     * @return an empty set of providers
     */
    public static Extensions none() {
        return NONE;
    }

    /**
     * Exactly the given providers.
     *
     * @param providers in order of preference
     * @return a set of them
     * @throws IllegalArgumentException if two have the same name
     */
    public static Extensions of(ExtensionProvider... providers) {
        return of(List.of(providers));
    }

    /**
     * All providers that {@link ServiceLoader} finds on the module path and on the class path, as seen by this thread's
     * context class loader, or by the system class loader where there is none.
     *
     * @return a set of them
     * @throws IllegalArgumentException if two have the same name
     * @throws java.util.ServiceConfigurationError if one cannot be loaded
     */
    public static Extensions load() {
        return of(ServiceLoader.load(ExtensionProvider.class));
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
        return byName.isEmpty() ? NONE : new Extensions(byName);
    }

    /**
     * What a client asks for.
     *
     * @return the offers of all providers, in order of preference
     */
    public List<ExtensionOffer> offers() {
        return providers.values().stream()
                .flatMap(provider -> provider.offers().stream())
                .toList();
    }

    /**
     * As a server, answers a request: each extension at most once, the first offer of it that its provider accepts and
     * that no earlier one is in conflict with.
     *
     * @param offers what the client offers, in its order of preference
     * @return what was agreed, in the order of the answer
     * @throws IllegalStateException if a provider claims what no extension can own, or agrees to another extension
     */
    public List<NegotiatedExtension> answer(List<ExtensionOffer> offers) {
        if (offers.isEmpty() || providers.isEmpty()) {
            return List.of();
        }
        Agreed agreed = new Agreed();
        for (ExtensionOffer offer : offers) {
            ExtensionProvider provider = providers.get(offer.name());
            if (provider != null && !agreed.has(offer.name())) {
                Optional<NegotiatedExtension> answer = provider.answer(offer);
                answer.ifPresent(candidate -> agreed.addUnlessInConflict(provider.name(), candidate));
            }
        }
        return List.copyOf(agreed.extensions);
    }

    /**
     * As a client, checks a server's answer against {@link #offers()}.
     *
     * @param answer the elements of the answer, in order
     * @return what was agreed, in the order of the answer
     * @throws ExtensionException if an extension was not offered, stands there twice, is in conflict with an earlier
     *     one, or has parameters that do not fit
     * @throws IllegalStateException if a provider claims what no extension can own, or agrees to another extension
     */
    public List<NegotiatedExtension> confirm(List<ExtensionOffer> answer) {
        Agreed agreed = new Agreed();
        for (ExtensionOffer given : answer) {
            ExtensionProvider provider = offered(given.name());
            ExtensionOffer element = new ExtensionOffer(provider.name(), given.parameters());
            if (agreed.has(element.name())) {
                throw new ExtensionException("the server agreed to " + element.name() + " twice");
            }
            String conflict = agreed.addUnlessInConflict(provider.name(), provider.confirm(element));
            if (conflict != null) {
                throw new ExtensionException("the server agreed to " + element.name() + " and " + conflict);
            }
        }
        return List.copyOf(agreed.extensions);
    }

    /** Ignores the case of letters, as a server may that looks for names so: no other extension can be meant. */
    private ExtensionProvider offered(String name) {
        ExtensionProvider found = providers.get(name);
        for (ExtensionProvider each : found == null ? providers.values() : List.<ExtensionProvider>of()) {
            found = each.name().equalsIgnoreCase(name) ? each : found;
        }
        if (found == null || found.offers().isEmpty()) {
            throw new ExtensionException("the server agreed to " + name + ", which was not offered");
        }
        return found;
    }

    /** What has been agreed so far in one negotiation, and what it owns. */
    private static final class Agreed {
        private final List<NegotiatedExtension> extensions = new ArrayList<>();

        boolean has(String name) {
            return extensions.stream().anyMatch(e -> e.agreed().name().equals(name));
        }

        /** Returns the name of the extension that is in the way, and why; or null if there is none. */
        @Nullable
        String addUnlessInConflict(String name, NegotiatedExtension candidate) {
            requireName(name, candidate);
            requireReserved(candidate);
            for (NegotiatedExtension earlier : extensions) {
                if ((earlier.rsv() & candidate.rsv()) != 0 || meet(earlier.opcodes(), candidate.opcodes())) {
                    return earlier.agreed().name() + ", which use the same RSV bit or opcode";
                }
                if (candidate.reframes() && !earlier.fragmentable()) {
                    return earlier.agreed().name() + ", which has to stand behind it: its frames cannot be made anew";
                }
            }
            extensions.add(candidate);
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
