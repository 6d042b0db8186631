package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.deflate.DeflateOptions;
import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.extension.Extensions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Execution(ExecutionMode.CONCURRENT)
class TenonTest {
    /** The suite sends the next piece only after this time, so a long timeout is as strict as a second. */
    private static final Settings LONG_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(10));

    @ParameterizedTest
    @EnumSource
    void everyFastCaseIsOk(Side side) throws Exception {
        Report report = play(side, Selection.FAST, Extensions.load());
        report.write(Path.of("target", "report-" + side.word()));
        assertEquals(List.of(), report.red(), report.summary());
        assertEquals(0, report.count(Verdict.UNIMPLEMENTED), report.summary());
    }

    @ParameterizedTest
    @EnumSource
    void withContextTakeoverNoRuleOfCompressionIsUnimplemented(Side side) throws Exception {
        try (PermessageDeflate deflate =
                new PermessageDeflate(DeflateOptions.defaults().withTakeover(true, true))) {
            Report report = play(side, Selection.of("14.*"), Extensions.of(deflate));
            assertEquals(report.count(), report.count(Verdict.OK), report.summary());
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutCompressionEveryOtherCaseIsOk(Side side) throws Exception {
        Selection plain = Selection.of("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "15.*", "16.*", "17.*", "18.*");
        Report report = play(side, plain, Extensions.none());
        assertEquals(List.of(), report.red(), report.summary());
        assertEquals(0, report.count(Verdict.UNIMPLEMENTED), report.summary());
        Report compressed = play(side, Selection.of("14.1"), Extensions.none());
        assertEquals(compressed.count(), compressed.count(Verdict.UNIMPLEMENTED), compressed.summary());
    }

    private static Report play(Side side, Selection selection, Extensions extensions) throws Exception {
        if (side == Side.CLIENT) {
            return TenonEchoClient.play(LONG_TIMEOUTS, selection, extensions);
        }
        try (TenonEcho echo = new TenonEcho(extensions)) {
            return new FuzzingClient(URI.create(echo.url()), LONG_TIMEOUTS)
                    .run(selection, "Tenon", (id, verdict, played, all) -> {});
        }
    }
}
