package dev.tenon.ws.conformance.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.conformance.matrix.Peer.Trait;
import dev.tenon.ws.conformance.peers.Certificate;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One table of docs/interop.md must equal the results of these tests. {@code -Dinterop.write} writes the results into
 * it instead.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class MatrixContract<S> {
    private static final boolean WRITE = System.getProperty("interop.write") != null;

    private final InteropPage page;
    private final List<Peer<S>> peers;
    private @Nullable Certificate certificate;
    private Map<String, Row> documented = Map.of();

    MatrixContract(String table, List<Peer<S>> peers) {
        this.page = new InteropPage(table);
        this.peers = peers;
    }

    /** Returns Tenon's end, and a peer that it can connect to. */
    abstract Opener opener(S peer, @Nullable Certificate certificate) throws Exception;

    @BeforeAll
    void read(@TempDir Path folder) throws Exception {
        certificate = Certificate.make(folder);
        documented = page.rows();
    }

    /** Returns a certificate for peers that always use TLS. */
    final Certificate certificate() {
        return Objects.requireNonNull(certificate, "made before the first row");
    }

    private List<String> names() {
        return peers.stream().map(Peer::name).toList();
    }

    @Test
    void everyRowHasAPeer() {
        assertEquals(Set.copyOf(names()), WRITE ? Set.copyOf(names()) : documented.keySet());
    }

    @Test
    void thePageNamesTheRowsThatMostBuildsLeaveOut() throws Exception {
        String leftOut = peers.stream()
                .filter(peer -> peer.has(Trait.ONLY_WITH_ALL))
                .map(Peer::name)
                .collect(Collectors.joining("; "));
        String sentence = leftOut.isEmpty()
                ? "Every build runs all of these rows."
                : "Only with `-Dinterop.all`: " + leftOut + ".";
        assertTrue(page.text().contains(sentence), sentence);
    }

    /**
     * Returns the peers of every build, with {@code -Dinterop.all} all peers, or with {@code -Dinterop.peer} those whose
     * names begin with its value.
     */
    Stream<Peer<S>> peers() {
        String wanted = System.getProperty("interop.peer", "");
        boolean all = WRITE || !wanted.isEmpty() || System.getProperty("interop.all") != null;
        return peers.stream().filter(peer -> peer.name().startsWith(wanted) && (all || !peer.has(Trait.ONLY_WITH_ALL)));
    }

    @ParameterizedTest
    @MethodSource("peers")
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theResultsEqualThePage(Peer<S> peer) throws Exception {
        Row seen = observe(peer);
        Row documentedRow = documented.get(peer.name());
        if (!WRITE && documentedRow != null && !isSame(peer, documentedRow, seen)) {
            System.out.println("once more, since a peer may lose a race with itself: " + seen);
            seen = observe(peer);
        }
        if (WRITE) {
            page.write(seen, names());
        } else {
            boolean isPinned = !peer.has(Trait.OF_THE_SYSTEM);
            assertEquals(
                    documentedRow == null ? "no row" : documentedRow.comparable(isPinned), seen.comparable(isPinned));
        }
    }

    private boolean isSame(Peer<S> peer, Row documentedRow, Row seen) {
        boolean isPinned = !peer.has(Trait.OF_THE_SYSTEM);
        return documentedRow.comparable(isPinned).equals(seen.comparable(isPinned));
    }

    private Row observe(Peer<S> peer) throws Exception {
        Row row = Row.of(peer.name(), peer.version().find());
        try (Opener opener = opener(peer.start(), null)) {
            row = new Scenario(opener, row).play(peer);
        }
        return row.with(Row.Column.TLS, peer.has(Trait.TLS) ? tls(peer) : "");
    }

    private String tls(Peer<S> peer) throws Exception {
        try (Opener opener = opener(peer.start(), certificate);
                PeerConnection connection = opener.open()) {
            return connection.exchange("by TLS").equals(TenonEnd.eventOf("by TLS")) ? "yes" : "✗";
        }
    }
}
