package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HttpStateTest {
    private static final Pattern ARROW = Pattern.compile("\\* (\\w+) +-- (\\w+) --> +(\\w+)");

    @Test
    void theDrawingShowsEveryTransitionAndNoOther() throws IOException {
        String source = Files.readString(Path.of("src/main/java/dev/tenon/ws/handshake/HttpState.java"));
        Set<String> drawn = new TreeSet<>();
        for (Matcher arrow = ARROW.matcher(source); arrow.find(); ) {
            drawn.add(arrow.group(1) + " " + arrow.group(2) + " " + arrow.group(3));
        }
        Set<String> actual = new TreeSet<>();
        for (HttpState state : HttpState.values()) {
            for (HttpState.Input input : HttpState.Input.values()) {
                HttpState next = state.after(input);
                if (input == HttpState.Input.CLOSE) {
                    assertEquals(HttpState.CLOSED, next);
                } else if (next != state) {
                    actual.add(state + " " + input + " " + next);
                }
            }
        }
        assertEquals(String.join("\n", actual), String.join("\n", drawn));
    }

    @Test
    void everyStateCanBeReachedAndLeadsToAnEnd() {
        Set<HttpState> reached = new TreeSet<>(Set.of(HttpState.READING_HEAD));
        for (int i = 0; i < HttpState.values().length; i++) {
            for (HttpState state : Set.copyOf(reached)) {
                for (HttpState.Input input : HttpState.Input.values()) {
                    reached.add(state.after(input));
                }
            }
        }
        assertEquals(Set.of(HttpState.values()), reached);
        assertTrue(reached.stream().allMatch(state -> state.after(HttpState.Input.CLOSE) == HttpState.CLOSED));
    }
}
