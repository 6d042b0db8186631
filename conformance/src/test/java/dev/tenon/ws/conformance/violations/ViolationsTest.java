package dev.tenon.ws.conformance.violations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tenon.ws.frame.ConnectionViolation;
import dev.tenon.ws.frame.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule has bytes that break it, and the page is up to date. */
@Tag("once")
class ViolationsTest {
    private static final Path PAGE = Path.of(System.getProperty("tenon.root"), "docs", "violations.md");

    /** Returns every constant of the published modules' enums that is a violation. */
    private static Set<Violation> constants() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.tenon.ws").stream()
                        .filter(type -> type.isEnum() && type.isAssignableTo(Violation.class))
                        .map(JavaClass::reflect)
                        .flatMap(type -> Stream.of(type.getEnumConstants()))
                        .map(Violation.class::cast)
                        .collect(Collectors.toSet());
    }

    static Stream<Provocation> provocations() {
        return Provocations.all().stream();
    }

    @ParameterizedTest
    @MethodSource("provocations")
    void anExampleProvokesItsViolation(Provocation provocation) throws Exception {
        assertEquals(provocation.violation(), provocation.provoke(), provocation::example);
    }

    @Test
    void everyViolationHasOneExample() {
        List<Violation> provoked =
                provocations().<Violation>map(Provocation::violation).toList();
        Set<Violation> missing = new HashSet<>(constants());
        provoked.forEach(missing::remove);
        assertEquals(Set.of(), missing, "give each of them an example in Provocations");
        assertEquals(new HashSet<>(provoked).size(), provoked.size(), "one example each");
    }

    @Test
    void idsAndSentencesAreDifferentAndHaveASection() {
        Set<String> ids = new TreeSet<>();
        Set<String> rules = new TreeSet<>();
        for (Violation violation : constants()) {
            assertTrue(ids.add(violation.id()), violation.id());
            assertTrue(violation.id().matches("[a-z-]+\\.[a-z0-9-]+"), violation.id());
            assertTrue(violation.section().matches("RFC \\d+ §[\\d.]+"), violation.id());
            assertTrue(
                    rules.add((violation instanceof ConnectionViolation) + violation.description())
                            || violation.id().startsWith("response."),
                    violation.description());
        }
    }

    @Test
    void thePageListsThemAll() throws IOException {
        String page = ViolationPage.of(Provocations.all());
        if (Boolean.getBoolean("violations.write")) {
            Files.writeString(PAGE, page);
        }
        assertEquals(page, Files.readString(PAGE), "-Dviolations.write=true writes it");
    }
}
