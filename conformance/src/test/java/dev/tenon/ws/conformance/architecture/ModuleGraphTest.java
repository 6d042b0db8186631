package dev.tenon.ws.conformance.architecture;

import static java.lang.module.ModuleDescriptor.Requires.Modifier.MANDATED;
import static java.lang.module.ModuleDescriptor.Requires.Modifier.STATIC;
import static java.lang.module.ModuleDescriptor.Requires.Modifier.TRANSITIVE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.w3c.dom.NodeList;

class ModuleGraphTest {

    @ParameterizedTest
    @FieldSource("dev.tenon.ws.conformance.architecture.Piece#PUBLISHED")
    void everyModuleDescriptorEqualsTheTable(Piece piece) {
        assertEquals(List.of(), ModuleGraph.faults(piece, descriptor(piece)));
    }

    @ParameterizedTest
    @FieldSource("dev.tenon.ws.conformance.architecture.Piece#PUBLISHED")
    void everyProviderIsFoundOnTheClassPathToo(Piece piece) throws Exception {
        for (ModuleDescriptor.Provides provides : descriptor(piece).provides()) {
            Path services = piece.classes().resolve("META-INF/services/" + provides.service());
            assertEquals(provides.providers(), Files.readAllLines(services), services.toString());
        }
    }

    @Test
    void theModulesAndNoOthersAreBuiltAndNamedByTheBom() throws Exception {
        List<String> published = Piece.ALL.stream().map(Piece::artifact).toList();
        List<String> built = texts(Path.of("..", "pom.xml"), "module");
        assertEquals(sorted(published, Piece.UNPUBLISHED), sorted(built, List.of()));
        List<String> named = texts(Path.of("..", "bom", "pom.xml"), "artifactId");
        named.removeAll(List.of("ws-parent", "ws-bom", "flatten-maven-plugin"));
        assertEquals(published, named);
    }

    @ParameterizedTest
    @FieldSource("dev.tenon.ws.conformance.architecture.Piece#PIECES")
    void noPieceUsesAnAdapter(Piece piece) {
        for (Piece adapter : Piece.ADAPTERS) {
            assertFalse(piece.visibleModules().contains(adapter.module()), () -> piece + " depends on " + adapter);
        }
    }

    @Test
    void aCorrectDescriptorHasNoFaults() {
        assertEquals(List.of(), faults(server -> server));
    }

    @Test
    void aServerThatSeesTheClientIsRejected() {
        assertEquals(
                List.of("must not: requires static dev.tenon.ws.client"),
                faults(server -> server.requires(Set.of(STATIC), "dev.tenon.ws.client")));
    }

    @Test
    void aServerThatNamesTheDeflateModuleIsRejected() {
        assertEquals(
                List.of("must not: requires static dev.tenon.ws.deflate"),
                faults(server -> server.requires(Set.of(STATIC), "dev.tenon.ws.deflate")));
    }

    @Test
    void anotherModuleOfTheJdkIsRejected() {
        assertEquals(
                List.of("must not: requires java.net.http"),
                faults(server -> server.requires(Set.of(), "java.net.http")));
    }

    @Test
    void aRecorderThatIsNotOptionalIsRejected() {
        assertEquals(List.of("must not: requires jdk.jfr"), faults(server -> server.requires(Set.of(), "jdk.jfr")));
    }

    @Test
    void annotationsThatReachTheUserAreRejected() {
        assertEquals(
                List.of("must not: requires static transitive org.jspecify"),
                faults(server -> server.requires(Set.of(STATIC, TRANSITIVE), "org.jspecify")));
    }

    @Test
    void aMissingDependencyIsNoticed() {
        ModuleDescriptor descriptor = ModuleDescriptor.newModule("dev.tenon.ws.client")
                .requires(Set.of(MANDATED), "java.base")
                .exports("dev.tenon.ws.client")
                .build();
        assertEquals(
                List.of("lacks: requires transitive dev.tenon.ws.transport"),
                ModuleGraph.faults(Piece.CLIENT, descriptor));
    }

    @Test
    void aSecondExportedPackageIsRejected() {
        assertEquals(
                1,
                faults(server -> server.exports("dev.tenon.ws.server.internal")).size());
    }

    @Test
    void anOpenPackageIsRejected() {
        assertEquals(List.of("opens packages to reflection"), faults(server -> server.opens("dev.tenon.ws.server")));
    }

    @Test
    void aTransportThatIsExportedToEveryoneIsRejected() {
        ModuleDescriptor descriptor = ModuleDescriptor.newModule("dev.tenon.ws.transport")
                .requires(Set.of(MANDATED), "java.base")
                .requires(Set.of(TRANSITIVE), "dev.tenon.ws.connection")
                .requires(Set.of(TRANSITIVE), "dev.tenon.ws.handshake")
                .exports("dev.tenon.ws.transport")
                .build();
        assertEquals(1, ModuleGraph.faults(Piece.TRANSPORT, descriptor).size());
    }

    private static List<String> faults(UnaryOperator<ModuleDescriptor.Builder> change) {
        ModuleDescriptor.Builder server = ModuleDescriptor.newModule("dev.tenon.ws.server")
                .requires(Set.of(MANDATED), "java.base")
                .requires(Set.of(TRANSITIVE), "dev.tenon.ws.transport")
                .exports("dev.tenon.ws.server");
        return ModuleGraph.faults(Piece.SERVER, change.apply(server).build());
    }

    private static ModuleDescriptor descriptor(Piece piece) {
        return ModuleFinder.of(piece.classes())
                .find(piece.module())
                .orElseThrow(() -> new AssertionError("no module " + piece.module() + " in " + piece.classes()))
                .descriptor();
    }

    private static List<String> texts(Path xml, String element) throws Exception {
        NodeList nodes = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(xml.toFile())
                .getElementsByTagName(element);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    private static List<String> sorted(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).sorted().toList();
    }
}
