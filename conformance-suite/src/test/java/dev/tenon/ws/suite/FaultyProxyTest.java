package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultyProxyTest {

    /** Without this test a case could be red because of the proxy. */
    @ParameterizedTest
    @EnumSource
    void withNoFaultTheCasesOfTheFaultsAreOk(Side side) throws Exception {
        String[] ids = Arrays.stream(Fault.values())
                .filter(fault -> fault != Fault.WAITS_FOR_WHOLE_FRAMES && fault.sides.contains(side))
                .map(fault -> fault.id)
                .distinct()
                .toArray(String[]::new);
        Report report = FaultyPeer.play(side, Settings.DEFAULT, Fault.NONE, Selection.of(ids));
        assertEquals(List.of(), report.red());
        assertEquals(ids.length, report.count(Verdict.OK), report.summary());
    }
}
