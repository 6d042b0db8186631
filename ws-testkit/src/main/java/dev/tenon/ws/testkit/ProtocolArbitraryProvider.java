package dev.tenon.ws.testkit;

import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import java.lang.annotation.Annotation;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/** Provides the arbitraries of this package to jqwik, by type. jqwik finds it as a service; users do not call it. */
public final class ProtocolArbitraryProvider implements ArbitraryProvider {
    /** An arbitrary of a type, and the annotations that apply to it. */
    private record Source(Function<Shape, Arbitrary<?>> arbitrary, Set<Class<? extends Annotation>> fitting) {}

    private static final Map<Class<?>, Source> BY_TYPE = Map.ofEntries(
            Map.entry(FirstByte.class, new Source(Frames::headers, Set.of(Rsv.class))),
            Map.entry(Frame.class, new Source(Frames::frames, Set.of(PayloadSize.class, Rsv.class))),
            Map.entry(WireConditions.class, plain(WireConditions::any)),
            Map.entry(CloseCode.class, plain(Frames::closeCodes)),
            Map.entry(ClosePayload.class, plain(Frames::closePayloads)),
            Map.entry(
                    FrameSequence.class,
                    new Source(Frames::sequences, Set.of(SentBy.class, PayloadSize.class, Rsv.class))),
            Map.entry(BrokenFrame.class, sent(shape -> shape.sender().flatMap(Frames::broken))),
            Map.entry(BrokenSequence.class, sent(shape -> shape.sender().flatMap(Frames::brokenSequences))),
            Map.entry(BrokenRequest.class, plain(Handshakes::brokenRequests)),
            Map.entry(BrokenResponse.class, plain(Handshakes::brokenResponses)),
            Map.entry(BrokenDeflateElement.class, plain(Handshakes::brokenDeflateElements)),
            Map.entry(ExtensionOffer.class, plain(Handshakes::extensionOffers)),
            Map.entry(OpeningHandshake.class, plain(Handshakes::openings)),
            Map.entry(HttpRequest.class, plain(() -> Handshakes.openings().map(OpeningHandshake::request))),
            Map.entry(HttpResponse.class, plain(() -> Handshakes.openings().map(OpeningHandshake::response))));

    /** Called by jqwik. */
    public ProtocolArbitraryProvider() {}

    private static Source plain(Supplier<Arbitrary<?>> arbitrary) {
        return new Source(shape -> arbitrary.get(), Set.of());
    }

    private static Source sent(Function<Shape, Arbitrary<?>> arbitrary) {
        return new Source(arbitrary, Set.of(SentBy.class));
    }

    /**
     * Whether there is an arbitrary of exactly this type.
     *
     * @param type the type of a parameter
     * @return true for the types of {@link Frames} and {@link Handshakes}, and for {@link WireConditions}
     */
    @Override
    public boolean canProvideFor(TypeUsage type) {
        return BY_TYPE.containsKey(type.getRawType());
    }

    /**
     * Returns the arbitrary of a type, restricted by its annotations.
     *
     * @param type the type of a parameter
     * @param subtypes not used
     * @return one arbitrary
     * @throws net.jqwik.api.JqwikException if an annotation does not apply to the type, or allows no value
     */
    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage type, SubtypeProvider subtypes) {
        Source source = BY_TYPE.get(type.getRawType());
        return source == null ? Set.of() : Set.of(source.arbitrary.apply(Shape.of(type, source.fitting)));
    }
}
