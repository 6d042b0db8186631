package dev.tenon.ws.conformance.walls;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.tenon.ws.conformance.walls.bad.client.BadClient;
import dev.tenon.ws.conformance.walls.bad.server.BadServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("once")
class WallsTest {

    @ParameterizedTest
    @FieldSource("dev.tenon.ws.conformance.walls.Piece#PURE")
    void pureModulesDoNoInputOrOutputAndKnowNoThreadsOrClocks(Piece piece) {
        Walls.pure().check(compiled(piece));
    }

    @ParameterizedTest
    @FieldSource("dev.tenon.ws.conformance.walls.Piece#PUBLISHED")
    void everyModuleUsesOnlyModulesBelowIt(Piece piece) {
        Walls.seesOnlyWhatIsBelow(piece).check(compiled(piece));
    }

    @ParameterizedTest
    @FieldSource("dev.tenon.ws.conformance.walls.Piece#PUBLISHED")
    void everyClassLivesInTheExportedPackageOrAHiddenOne(Piece piece) {
        Walls.staysInItsPackage(piece).check(compiled(piece));
    }

    @ParameterizedTest
    @FieldSource("dev.tenon.ws.conformance.walls.Piece#PUBLISHED")
    void noModuleReadsAClockThatCanBeSet(Piece piece) {
        Walls.noClockThatJumps().check(compiled(piece));
    }

    /** A class that the rule must find. */
    static final class Dated {
        final long millis = System.currentTimeMillis();
    }

    /** Another class that the rule must find, like {@link Dated}. */
    static final class Instantaneous {
        final Instant now = Instant.now();
    }

    @Test
    void aClockThatJumpsIsFound() {
        assertTrue(rejects(Walls.noClockThatJumps(), Dated.class));
        assertTrue(rejects(Walls.noClockThatJumps(), Instantaneous.class));
        assertFalse(rejects(Walls.noClockThatJumps(), WallsTest.class));
    }

    @Test
    void modulesHaveNoCycles() {
        Walls.noCyclesBelow("dev.tenon.ws")
                .check(new ClassFileImporter()
                        .importPaths(
                                Piece.PUBLISHED.stream().map(Piece::classes).toArray(Path[]::new)));
    }

    @Test
    void valuesBuffersDigestsAndCompressionArePure() {
        assertFalse(rejects(Walls.pure(), Pure.class));
    }

    @ParameterizedTest
    @MethodSource("impureClasses")
    void everyImpureClassIsRejected(Class<?> impure) {
        assertTrue(rejects(Walls.pure(), impure));
    }

    static Stream<Class<?>> impureClasses() {
        return Stream.of(Impure.class.getDeclaredClasses());
    }

    @Test
    void aServerThatUsesTheClientIsRejected() {
        Piece server = new Piece("bad-server", BadServer.class.getPackageName(), List.of());
        assertTrue(rejects(Walls.seesOnlyWhatIsBelow(server), BadServer.class));
    }

    @Test
    void aClassInAForeignPackageIsRejected() {
        assertTrue(rejects(Walls.staysInItsPackage(Piece.SERVER), BadServer.class));
    }

    @Test
    void modulesThatUseEachOtherAreRejected() {
        ArchRule rule = Walls.noCyclesBelow("dev.tenon.ws.conformance.walls.bad");
        assertTrue(rejects(rule, BadServer.class, BadClient.class));
        assertFalse(rejects(rule, BadServer.class));
    }

    private static JavaClasses compiled(Piece piece) {
        return new ClassFileImporter().importPath(piece.classes());
    }

    private static boolean rejects(ArchRule rule, Class<?>... classes) {
        return rule.evaluate(new ClassFileImporter().importClasses(classes)).hasViolation();
    }
}
