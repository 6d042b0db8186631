package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttributeHolderTest {
    private static final AttributeKey<String> USER = AttributeKey.of("user");
    private static final AttributeKey<Integer> AGE = AttributeKey.of("age");

    private final AttributeHolder attributes = new AttributeHolder();

    @Test
    void aValueIsFoundUnderItsKeyOnly() {
        assertNull(attributes.put(USER, "ann"));
        assertNull(attributes.put(AGE, 7));
        assertEquals("ann", attributes.get(USER));
        assertEquals(7, attributes.get(AGE));
        assertNull(attributes.get(AttributeKey.of("user")));
    }

    @Test
    void aNewValueReturnsTheOneBefore() {
        attributes.put(USER, "ann");
        assertEquals("ann", attributes.put(USER, "bob"));
        assertEquals("bob", attributes.get(USER));
        assertEquals("bob", attributes.putIfAbsent(USER, "carl"));
    }

    @Test
    void nullRemoves() {
        attributes.put(USER, "ann");
        attributes.put(AGE, 7);
        assertEquals("ann", attributes.put(USER, null));
        assertNull(attributes.put(USER, null));
        assertNull(attributes.get(USER));
        assertEquals(7, attributes.get(AGE));
    }

    @Test
    void noUpdateOfTwoThreadsIsLost() throws InterruptedException {
        List<AttributeKey<Integer>> keys = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            keys.add(AttributeKey.of("k" + i));
        }
        Thread other = new Thread(() -> putHalf(keys, 0));
        other.start();
        putHalf(keys, 1);
        other.join();
        for (int i = 0; i < keys.size(); i++) {
            assertEquals(i, attributes.get(keys.get(i)));
        }
    }

    private void putHalf(List<AttributeKey<Integer>> keys, int from) {
        for (int i = from; i < keys.size(); i += 2) {
            attributes.put(keys.get(i), i);
        }
    }
}
