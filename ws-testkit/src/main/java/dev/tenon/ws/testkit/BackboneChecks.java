package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.BackboneScenario.after;
import static dev.tenon.ws.testkit.BackboneScenario.positions;
import static dev.tenon.ws.testkit.FrameRecorder.check;

import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.Replay;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The checks of {@link BackboneLaws} against the log of a topic: the positions of all its messages in order. */
final class BackboneChecks {
    private BackboneChecks() {}

    /** A receiver gets the messages behind its start in order, and all of them if it stays open. */
    static void checkReceived(BackboneRecorder recorder, List<Position> log) {
        List<Position> received = positions(recorder.entries());
        Position start = recorder.start;
        List<Position> expected = start == null ? List.of() : after(log, start);
        if (recorder.isOpen()) {
            check(received.equals(expected), "received " + received + " instead of " + expected);
        } else {
            check(
                    received.size() <= expected.size() && received.equals(expected.subList(0, received.size())),
                    "received " + received + ", which does not begin " + expected);
        }
        check(!recorder.wasCalledTooLate(), "a receiver was called after its release");
    }

    /** A replay has exactly the messages behind its position. */
    static void checkRecovered(BackboneScenario.Seen seen) {
        List<Position> expected = after(seen.known(), seen.after());
        check(seen.replay().recovered(), "the history reaches back to " + seen.after());
        check(
                positions(seen.replay().entries()).equals(expected),
                "replayed " + seen.replay().entries() + " instead of " + expected);
        check(
                seen.replay().end().equals(seen.known().get(seen.known().size() - 1)),
                "the end is " + seen.replay().end());
    }

    /** A replay has exactly the messages behind its position, or is not recovered and empty. */
    static void checkAllOrNothing(BackboneScenario.Seen seen, List<Position> log) {
        List<Position> expected = seen.replay().recovered() ? after(log, seen.after()) : List.of();
        check(
                positions(seen.replay().entries()).equals(expected),
                "a part of what came after " + seen.after() + " is "
                        + (seen.replay().recovered() ? "all" : "sent"));
    }

    /** A replay after a restart has all messages behind the first one of before, and the new one, or is not recovered. */
    static void checkRestarted(Replay replay, List<Position> before, Position fresh) {
        Set<Position> expected = new HashSet<>(after(before, before.get(0)));
        expected.add(fresh);
        check(
                !replay.recovered() || expected.equals(new HashSet<>(positions(replay.entries()))),
                "recovered " + replay.entries() + " instead of " + expected);
    }

    /** The entries of a replay, followed by the live messages behind its end. */
    static List<Position> joined(Replay replay, BackboneRecorder recorder) {
        List<Position> joined = new ArrayList<>(positions(replay.entries()));
        joined.addAll(after(positions(recorder.entries()), replay.end()));
        return joined;
    }
}
