package dev.tenon.ws.testkit;

import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;

/** Runs a property that fails, and shrinks the failing sample as far as possible. */
final class Shrinking {
    private Shrinking() {}

    static <T> T smallest(Arbitrary<T> arbitrary, long seed, Predicate<T> holds) {
        RandomGenerator<T> generator = arbitrary.generator(1000);
        Random random = new Random(seed);
        Optional<Shrinkable<T>> smaller = Optional.empty();
        for (int tries = 0; smaller.isEmpty(); tries++) {
            if (tries == 10_000) {
                throw new AssertionError("the property is not falsified");
            }
            smaller = Optional.of(generator.next(random)).filter(sample -> !holds.test(sample.value()));
        }
        Shrinkable<T> smallest = smaller.get();
        while (smaller.isPresent()) {
            smallest = smaller.get();
            smaller = smallest.shrink()
                    .filter(sample -> !holds.test(sample.value()))
                    .findFirst();
        }
        return smallest.value();
    }
}
