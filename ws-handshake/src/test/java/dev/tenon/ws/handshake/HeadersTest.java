package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadersTest {
    private static final Headers HEADERS = Headers.of("A", "1", "b", "x, y ,,\tZ", "a", "2", "B", "w");

    @Test
    void namesHaveNoCaseAndKeepTheirOrder() {
        assertEquals("1", HEADERS.first("a"));
        assertEquals(List.of("1", "2"), HEADERS.all("A"));
        assertEquals(2, HEADERS.count("B"));
        assertEquals(4, HEADERS.size());
        assertNull(HEADERS.first("c"));
        assertEquals(List.of(), HEADERS.all("c"));
        assertEquals("A: 1\nb: x, y ,,\tZ\na: 2\nB: w\n", HEADERS.toString());
        assertEquals(Map.of("a", List.of("1", "2"), "b", List.of("x, y ,,\tZ", "w")), HEADERS.toMap());
    }

    @Test
    void listsSpanLines() {
        assertEquals(List.of("x", "y", "Z", "w"), HEADERS.elements("b"));
        assertTrue(HEADERS.hasToken("b", "z"));
        assertTrue(HEADERS.hasToken("b", "W"));
        assertFalse(HEADERS.hasToken("b", "x, y"));
        assertFalse(HEADERS.hasToken("b", "v"));
        assertFalse(HEADERS.hasToken("c", "x"));
    }

    @Test
    void changingACopyOfTheListChangesNothing() {
        Headers changed = HEADERS.toBuilder().remove("B").add("c", " 3\t").build();
        assertEquals(Headers.of("a", "1", "A", "2", "C", "3"), changed);
        assertEquals(Headers.of("a", "1", "A", "2", "C", "3").hashCode(), changed.hashCode());
        assertNotEquals(HEADERS, changed);
        assertNotEquals(Headers.of("a", "1"), Headers.of("a", "2"));
        assertNotEquals(Headers.of("a", "1"), Headers.of("b", "1"));
        assertEquals(4, HEADERS.size());
    }

    @Test
    void manyLinesFit() {
        Headers.Builder builder = Headers.builder();
        for (int i = 0; i < 100; i++) {
            builder.add("n" + i, "v" + i);
        }
        assertEquals("v99", builder.build().first("N99"));
    }

    @Test
    void linesThatCannotBeWrittenCannotBeMade() {
        assertThrows(IllegalArgumentException.class, () -> Headers.of("a"));
        assertThrows(IllegalArgumentException.class, () -> Headers.of("a b", "c"));
        assertThrows(IllegalArgumentException.class, () -> Headers.of("a", "b\r\nc: d"));
        assertThrows(IllegalArgumentException.class, () -> Headers.of(Map.of("a", List.of("\n"))));
        HttpResponse pseudo = HttpResponse.of(200, Headers.of(":status", "200"));
        assertThrows(IllegalStateException.class, pseudo::encode);
    }
}
