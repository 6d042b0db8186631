package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.Role;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/** Gives jqwik the arbitraries of {@link Frames} by type. Not called by users: jqwik finds it as a service. */
public final class FrameArbitraryProvider implements ArbitraryProvider {
    private static final Map<Class<?>, Supplier<Arbitrary<?>>> BY_TYPE = Map.of(
            FrameHeader.class, Frames::headers,
            Frame.class, Frames::frames,
            CloseCode.class, Frames::closeCodes,
            ClosePayload.class, Frames::closePayloads,
            Messages.class, Frames::messages,
            BrokenFrame.class, () -> Arbitraries.of(Role.values()).flatMap(Frames::broken));

    /** Called by jqwik. */
    public FrameArbitraryProvider() {}

    /**
     * Whether there is an arbitrary of exactly this type.
     *
     * @param type the type of a parameter
     * @return true for the types of {@link Frames}
     */
    @Override
    public boolean canProvideFor(TypeUsage type) {
        return BY_TYPE.containsKey(type.getRawType());
    }

    /**
     * The most general arbitrary of a type.
     *
     * @param type the type of a parameter
     * @param subtypes not used
     * @return one arbitrary
     */
    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage type, SubtypeProvider subtypes) {
        Supplier<Arbitrary<?>> arbitrary = BY_TYPE.get(type.getRawType());
        return arbitrary == null ? Set.of() : Set.of(arbitrary.get());
    }
}
