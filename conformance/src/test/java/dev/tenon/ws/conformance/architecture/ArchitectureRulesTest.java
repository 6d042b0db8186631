package dev.tenon.ws.conformance.architecture;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.tenon.ws.conformance.architecture.bad.client.BadClient;
import dev.tenon.ws.conformance.architecture.bad.server.BadServer;
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
class ArchitectureRulesTest {

    @ParameterizedTest
    @FieldSource("dev.tenon.ws.conformance.architecture.Piece#PURE")
    void pureModulesDoNoInputOrOutputAndKnowNoThreadsOrClocks(Piece piece) {
        ArchitectureRules.pure().check(compiled(piece));
    }

    @ParameterizedTest
    @FieldSource("dev.tenon.ws.conformance.architecture.Piece#PUBLISHED")
    void everyModuleUsesOnlyModulesBelowIt(Piece piece) {
        ArchitectureRules.seesOnlyWhatIsBelow(piece).check(compiled(piece));
    }

    @ParameterizedTest
    @FieldSource("dev.tenon.ws.conformance.architecture.Piece#PUBLISHED")
    void everyClassLivesInTheExportedPackageOrAHiddenOne(Piece piece) {
        ArchitectureRules.staysInItsPackage(piece).check(compiled(piece));
    }

    @ParameterizedTest
    @FieldSource("dev.tenon.ws.conformance.architecture.Piece#PUBLISHED")
    void noModuleReadsAClockThatCanBeSet(Piece piece) {
        ArchitectureRules.noClockThatJumps().check(compiled(piece));
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
        assertTrue(rejects(ArchitectureRules.noClockThatJumps(), Dated.class));
        assertTrue(rejects(ArchitectureRules.noClockThatJumps(), Instantaneous.class));
        assertFalse(rejects(ArchitectureRules.noClockThatJumps(), ArchitectureRulesTest.class));
    }

    @Test
    void modulesHaveNoCycles() {
        ArchitectureRules.noCyclesBelow("dev.tenon.ws")
                .check(new ClassFileImporter()
                        .importPaths(
                                Piece.PUBLISHED.stream().map(Piece::classes).toArray(Path[]::new)));
    }

    @Test
    void valuesBuffersDigestsAndCompressionArePure() {
        assertFalse(rejects(ArchitectureRules.pure(), Pure.class));
    }

    @ParameterizedTest
    @MethodSource("impureClasses")
    void everyImpureClassIsRejected(Class<?> impure) {
        assertTrue(rejects(ArchitectureRules.pure(), impure));
    }

    static Stream<Class<?>> impureClasses() {
        return Stream.of(Impure.class.getDeclaredClasses());
    }

    @Test
    void aServerThatUsesTheClientIsRejected() {
        Piece server = new Piece("bad-server", BadServer.class.getPackageName(), List.of());
        assertTrue(rejects(ArchitectureRules.seesOnlyWhatIsBelow(server), BadServer.class));
    }

    @Test
    void aClassInAForeignPackageIsRejected() {
        assertTrue(rejects(ArchitectureRules.staysInItsPackage(Piece.SERVER), BadServer.class));
    }

    @Test
    void modulesThatUseEachOtherAreRejected() {
        ArchRule rule = ArchitectureRules.noCyclesBelow("dev.tenon.ws.conformance.architecture.bad");
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
