package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Execution(ExecutionMode.CONCURRENT)
@Tag("once")
class SeededFaultTest {
    private static final Settings SHORT_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofMillis(300), Duration.ofSeconds(3));

    static Stream<Arguments> faults() {
        return Arrays.stream(Fault.values())
                .flatMap(fault -> fault.sides.stream().map(side -> Arguments.of(fault, side, violation(fault, side))));
    }

    /** Returns the id of the rule that the fault switches off in Tenon; empty for faults in Tenon's output. */
    private static String violation(Fault fault, Side side) {
        List<TestCase> cases = Selection.of(fault.id).of(side, SHORT_TIMEOUTS);
        return cases.stream()
                .map(testCase -> ViolationIds.of(side, testCase))
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @MethodSource("faults")
    void everyRuleThatIsSwitchedOffTurnsItsCaseRed(Fault fault, Side side, String violation) throws Exception {
        boolean inbound = fault.name().startsWith("ACCEPTS_") || fault.name().startsWith("CHECKS_");
        assertTrue(!inbound || !violation.isEmpty(), "its case " + fault.id + " names no rule");
        Report report = FaultyPeer.play(side, SHORT_TIMEOUTS, fault.change, Selection.of(fault.id));
        assertEquals(1, report.count(), "the case " + fault.id + " has to be there");
        assertEquals(1, report.red().size(), report.summary());
        String reason = report.outcomes().get(0).reason();
        assertTrue(reason.contains(fault.reason), reason);
    }
}
