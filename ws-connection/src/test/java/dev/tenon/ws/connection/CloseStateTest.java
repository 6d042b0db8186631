package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The transitions of the closing handshake, and the table of the README. */
class CloseStateTest {

    @Test
    void theReadmeHoldsTheTableOfTransitions() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        assertTrue(readme.contains(table()), () -> "ws-connection/README.md should hold\n" + table());
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| state | sends | reads |");
        for (CloseState.Event event : CloseState.Event.values()) {
            table.append(" ").append(event).append(" |");
        }
        table.append("\n|---|---|---|")
                .append("---|".repeat(CloseState.Event.values().length))
                .append("\n");
        for (CloseState state : CloseState.values()) {
            table.append("| **").append(state).append("** | ").append(state.sends() ? "yes" : "no");
            table.append(" | ").append(state.reads() ? "yes" : "no").append(" |");
            for (CloseState.Event event : CloseState.Event.values()) {
                CloseState next = state.after(event);
                table.append(" ").append(next == state ? "–" : next).append(" |");
            }
            table.append("\n");
        }
        return table.toString();
    }

    @Test
    void noEventLeadsToAnEarlierState() {
        for (CloseState state : CloseState.values()) {
            assertFalse(leadsTo(state).contains(CloseState.OPEN));
            for (CloseState next : leadsTo(state)) {
                assertFalse(leadsTo(next).contains(state), () -> next + " leads back to " + state);
                assertTrue(state.sends() || !next.sends(), "who sends no more never sends again");
                assertTrue(state.reads() || !next.reads(), "who reads no more never reads again");
            }
        }
    }

    @Test
    void theEndOfTheTransportIsTheEndFromAnywhere() {
        for (CloseState state : CloseState.values()) {
            assertEquals(CloseState.ENDED, state.after(CloseState.Event.END));
        }
        assertEquals(Set.of(), leadsTo(CloseState.ENDED));
    }

    @Test
    void aBrowserSeesFourStatesInOrder() {
        for (CloseState state : CloseState.values()) {
            for (CloseState next : leadsTo(state)) {
                assertTrue(state.readyState().compareTo(next.readyState()) <= 0);
            }
        }
    }

    private static Set<CloseState> leadsTo(CloseState state) {
        return Stream.of(CloseState.Event.values())
                .map(state::after)
                .filter(next -> next != state)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(CloseState.class)));
    }
}
