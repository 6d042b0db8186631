package dev.tenon.ws.suite;

import dev.tenon.ws.suite.Opening.Opened;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/** Plays a case from the opening handshake to the verdict. */
final class Player {
    private final Settings settings;

    /** Opens the connection in the suite's role. */
    interface Opener {
        Optional<Opened> open(Wire wire) throws CaseFailure, IOException, InterruptedException;
    }

    /** Makes the connection. */
    interface Connector {
        Wire connect(Transcript transcript) throws IOException;
    }

    Player(Settings settings) {
        this.settings = settings;
    }

    /** Plays on a connection whose request has been read. */
    Outcome play(TestCase testCase, Wire wire, Opener opener) throws InterruptedException {
        return play(testCase, wire.transcript, transcript -> wire, opener);
    }

    Outcome play(TestCase testCase, Connector connector, Opener opener) throws InterruptedException {
        return play(testCase, new Transcript(), connector, opener);
    }

    private Outcome play(TestCase testCase, Transcript transcript, Connector connector, Opener opener)
            throws InterruptedException {
        long begin = System.nanoTime();
        Verdict verdict;
        String reason;
        try (Wire wire = connector.connect(transcript)) {
            String failure = steps(testCase, wire, opener);
            verdict = failure.isEmpty() ? Verdict.OK : Verdict.NON_STRICT;
            reason = failure;
        } catch (CaseFailure e) {
            verdict = e.verdict();
            reason = String.valueOf(e.getMessage());
        } catch (SocketTimeoutException e) {
            verdict = Verdict.FAILED;
            reason = "no response to the handshake within " + settings.timeout().toMillis() + " ms";
        } catch (ConnectException e) {
            verdict = Verdict.FAILED;
            reason = "cannot connect: " + e.getMessage();
        } catch (IOException e) {
            verdict = Verdict.FAILED;
            reason = "the connection has broken: " + e.getMessage();
        } catch (RuntimeException e) { // for this case alone
            verdict = Verdict.FAILED;
            reason = "the suite cannot judge this: " + e;
        }
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        return new Outcome(testCase, verdict, reason, time, transcript.lines());
    }

    private String steps(TestCase testCase, Wire wire, Opener opener)
            throws CaseFailure, IOException, InterruptedException {
        Optional<Opened> opened = opener.open(wire);
        if (opened.isEmpty()) {
            return "";
        }
        wire.startFrames();
        try (CaseRun run =
                new CaseRun(wire, settings, testCase.big(), opened.get().deflate())) {
            String failure = run.play(testCase.steps());
            return failure == null ? "" : failure;
        }
    }
}
