package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.Role;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.JqwikException;
import net.jqwik.api.providers.TypeUsage;
import org.jspecify.annotations.Nullable;

/** The restrictions by the annotations of a parameter. */
record Shape(@Nullable Role role, int min, int max, int rsv) {
    static final Shape ANY = new Shape(null, 0, Frames.LONGEST_PAYLOAD, 0);

    private static final List<Class<? extends Annotation>> ALL = List.of(SentBy.class, PayloadSize.class, Rsv.class);

    Shape {
        require(min >= 0 && min <= max, "@PayloadSize from " + min + " to " + max + " leaves nothing");
        require((rsv & ~7) == 0, "@Rsv takes a union of RSV1, RSV2 and RSV3, not " + rsv);
    }

    /**
     * Reads the annotations of a parameter's type.
     *
     * @throws JqwikException if one of them does not apply to the type, or allows no value
     */
    static Shape of(TypeUsage type, Set<Class<? extends Annotation>> fitting) {
        for (Class<? extends Annotation> each : ALL) {
            require(
                    fitting.contains(each) || !type.isAnnotated(each),
                    "@" + each.getSimpleName() + " says nothing about a "
                            + type.getRawType().getSimpleName());
        }
        Role role = type.findAnnotation(SentBy.class).map(SentBy::value).orElse(null);
        int rsv = type.findAnnotation(Rsv.class).map(Rsv::value).orElse(0);
        return type.findAnnotation(PayloadSize.class)
                .map(size -> new Shape(role, size.min(), size.max(), rsv))
                .orElse(new Shape(role, ANY.min, ANY.max, rsv));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new JqwikException(otherwise);
        }
    }

    Arbitrary<Role> sender() {
        return role == null ? Arbitraries.of(Role.values()) : Arbitraries.just(role);
    }

    /** Any union of the allowed bits; shrinks to none. */
    Arbitrary<Integer> rsvBits() {
        return Arbitraries.of(List.of(0, 1, 2, 3, 4, 5, 6, 7)).filter(bits -> (bits & ~rsv) == 0);
    }
}
