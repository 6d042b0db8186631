package dev.tenon.ws.client.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Calls of {@code granted} that release and request permits, as those of a failed event loop do. */
class KeyedSemaphoreTest {
    private static final int MANY = 50_000;

    private final KeyedSemaphore<String> semaphore = new KeyedSemaphore<>();
    private final AtomicInteger granted = new AtomicInteger();

    /** A permit that is released as soon as it is granted. */
    private final class Released {
        private final KeyedSemaphore<String>.Permit permit = semaphore.permit("key", 1, this::granted);

        void request() {
            permit.request();
        }

        private void granted() {
            granted.incrementAndGet();
            permit.release();
        }
    }

    /** A permit of the same key in one semaphore, and then one of another, which are released together. */
    private final class Two {
        private final KeyedSemaphore<String>.Permit second;
        private final KeyedSemaphore<String>.Permit first;

        Two(KeyedSemaphore<String> other) {
            second = other.permit("", 1, this::granted);
            first = semaphore.permit("key", 1, second::request);
        }

        private void granted() {
            granted.incrementAndGet();
            second.release();
            first.release();
        }
    }

    private KeyedSemaphore<String>.Permit held(KeyedSemaphore<String> of, String key) {
        KeyedSemaphore<String>.Permit held = of.permit(key, 1, () -> {});
        held.request();
        return held;
    }

    @Test
    void manyThatAreReleasedAsSoonAsTheyAreGrantedNeedNoStack() {
        KeyedSemaphore<String>.Permit held = held(semaphore, "key");
        for (int i = 0; i < MANY; i++) {
            new Released().request();
        }
        held.release();
        assertEquals(MANY, granted.get());
        assertEquals(0, semaphore.keys());
    }

    @Test
    void norDoManyThatNeedTwo() {
        KeyedSemaphore<String> other = new KeyedSemaphore<>();
        KeyedSemaphore<String>.Permit held = held(other, "");
        for (int i = 0; i < MANY; i++) {
            new Two(other).first.request();
        }
        held.release();
        assertEquals(MANY, granted.get());
        assertEquals(0, semaphore.keys());
        assertEquals(0, other.keys());
    }

    /** It must not, but an Error can come from anywhere. */
    @Test
    void oneThatThrowsDoesNotStopTheOthers() {
        KeyedSemaphore<String>.Permit held = held(semaphore, "key");
        KeyedSemaphore<String>.Permit broken = semaphore.permit("key", 1, () -> {
            throw new LinkageError("on purpose");
        });
        broken.request();
        new Released().request();
        assertThrows(LinkageError.class, held::release);
        broken.release();
        assertEquals(1, granted.get());
        assertEquals(0, semaphore.keys());
    }
}
