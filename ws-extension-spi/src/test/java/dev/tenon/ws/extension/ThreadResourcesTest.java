package dev.tenon.ws.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreadResourcesTest {
    private final List<String> closed = new ArrayList<>();
    private final ThreadResources resources = new ThreadResources();

    private final class Buffer implements AutoCloseable {
        private final String name;

        Buffer(String name) {
            this.name = name;
        }

        @Override
        public void close() {
            closed.add(name);
            if (name.startsWith("bad")) {
                throw new IllegalArgumentException(name);
            }
        }
    }

    @Test
    void anOwnerHasOneOfAType() {
        Buffer a = resources.get("a", Buffer.class, () -> new Buffer("a"));
        assertSame(a, resources.get("a", Buffer.class, () -> new Buffer("another")));
        assertNotSame(a, resources.get("b", Buffer.class, () -> new Buffer("b")));
        assertNotSame(a, new ThreadResources().get("a", Buffer.class, () -> new Buffer("of another thread")));
        resources.close();
        assertEquals(List.of("b", "a"), closed);
        resources.close();
        assertEquals(2, closed.size());
    }

    @Test
    void allAreClosedWhateverOneThrows() {
        for (String name : List.of("bad 1", "good", "bad 2")) {
            resources.get(name, Buffer.class, () -> new Buffer(name));
        }
        IllegalStateException failure = assertThrows(IllegalStateException.class, resources::close);
        assertEquals(List.of("bad 2", "good", "bad 1"), closed);
        assertEquals(2, failure.getSuppressed().length);
    }
}
