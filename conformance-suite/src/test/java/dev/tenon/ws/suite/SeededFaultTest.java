package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tenon.ws.client.WebSocketClient;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeededFaultTest {
    private static final Settings HASTY =
            Settings.DEFAULT.withPatience(Duration.ofMillis(300), Duration.ofMillis(1500));

    @SuppressWarnings("NullAway.Init")
    private TenonEcho echo;

    @BeforeAll
    void listen() throws Exception {
        echo = new TenonEcho();
    }

    @AfterAll
    void stop() {
        echo.close();
    }

    static Stream<Arguments> faults() {
        return Arrays.stream(Fault.values())
                .flatMap(fault -> fault.sides.stream().map(side -> Arguments.of(fault, side)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void everyRuleThatIsSwitchedOffTurnsItsCaseRed(Fault fault, Side side) throws Exception {
        Report report = play(side, HASTY, fault.change, Selection.of(fault.id));
        assertEquals(1, report.count(), "the case " + fault.id + " has to be there");
        assertEquals(1, report.red().size(), report.summary());
    }

    /** Else a case could be red because of the proxy. */
    @ParameterizedTest
    @EnumSource
    void withNoFaultTheSameCasesAreOk(Side side) throws Exception {
        String[] ids = Arrays.stream(Fault.values())
                .filter(fault -> fault != Fault.WAITS_FOR_WHOLE_FRAMES && fault.sides.contains(side))
                .map(fault -> fault.id)
                .distinct()
                .toArray(String[]::new);
        Report report = play(side, Settings.DEFAULT, Fault.NONE, Selection.of(ids));
        assertEquals(List.of(), report.red());
        assertEquals(ids.length, report.count(Verdict.OK), report.summary());
    }

    private Report play(Side side, Settings settings, Fault.Change change, Selection selection) throws Exception {
        if (side == Side.SERVER) {
            try (FaultyProxy proxy = new FaultyProxy(echo.port(), side, change)) {
                return new FuzzingClient(URI.create("ws://127.0.0.1:" + proxy.port() + "/"), settings)
                        .run(selection, "Tenon with a fault", (id, verdict, played, all) -> {});
            }
        }
        try (FuzzingServer server = FuzzingServer.listen(
                        new InetSocketAddress("127.0.0.1", 0),
                        settings,
                        selection,
                        Path.of("target", "report-faults"),
                        (id, verdict, played, all) -> {});
                FaultyProxy proxy = new FaultyProxy(server.port(), side, change);
                WebSocketClient client = WebSocketClient.builder()
                        .options(TenonEcho.OPTIONS.withCloseTimeout(Duration.ofMillis(500)))
                        .build()) {
            for (int number = 1; number <= selection.of(side, settings).size(); number++) {
                String uri = "ws://127.0.0.1:" + proxy.port() + "/run?agent=x&case=" + number;
                TenonEchoClient.talk(client, uri, new TenonEchoClient.Echo());
            }
            TenonEchoClient.talk(
                    client, "ws://127.0.0.1:" + server.port() + "/report?agent=x", new TenonEchoClient.Echo());
            Report report = server.nextReport(10);
            assertNotNull(report);
            return report;
        }
    }
}
