package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.testkit.FaultyPresence.Fault;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import net.jqwik.api.Example;

/** Each faulty presence fails the law for its fault. */
class PresenceLawsFaultsProperties {
    private static final class Laws extends PresenceLaws {
        private final Fault fault;

        Laws(Fault fault) {
            this.fault = fault;
        }

        @Override
        protected PresenceCluster cluster() {
            return FaultyPresence.cluster(fault);
        }

        @Override
        protected boolean await(BooleanSupplier condition) {
            return condition.getAsBoolean(); // all effects of a call have happened when it returns
        }
    }

    private interface Law {
        void hold(Laws laws) throws Exception;
    }

    private static final int ENTER = 0;
    private static final int LEAVE = 2;
    private static final int WATCH = 3;
    private static final int END_WATCH = 4;
    private static final int ON_NODE_1 = 5;

    private static final List<Integer> STEPS =
            List.of(WATCH, ON_NODE_1 + WATCH, ENTER, LEAVE, ON_NODE_1 + END_WATCH, ON_NODE_1 + ENTER);

    private static final Law CONVERGE = laws -> laws.allWatchersEndWithTheMembersThatAreThere(STEPS);
    private static final Law BEGIN = laws -> laws.aWatchBeginsWithThoseWhoAreThere(3);
    private static final Law LAST = PresenceLaws::aMemberStaysUntilItsLastConnectionHasLeft;
    private static final Law ONCE = PresenceLaws::aConnectionEntersOnceAndLeavesOnce;
    private static final Law DEATH = PresenceLaws::theMembersOfADeadNodeLeave;

    private static final Map<Fault, Law> MEANT = new EnumMap<>(Map.ofEntries(
            Map.entry(Fault.FORGETS_TO_TELL_OF_LEAVING, CONVERGE),
            Map.entry(Fault.TELLS_OF_ENTERING_TWICE, CONVERGE),
            Map.entry(Fault.TELLS_AFTER_THE_END, CONVERGE),
            Map.entry(Fault.HIDES_WHO_WAS_THERE_BEFORE, BEGIN),
            Map.entry(Fault.LEAVES_WITH_THE_FIRST_NODE, LAST),
            Map.entry(Fault.LEAVES_AT_EACH_CALL, LAST),
            Map.entry(Fault.ENTERS_ONCE_PER_NODE, LAST),
            Map.entry(Fault.LEAVES_AGAIN_WITH_THE_CONNECTION, ONCE),
            Map.entry(Fault.ENTERS_AT_EACH_CALL, ONCE),
            Map.entry(Fault.KEEPS_THE_MEMBERS_OF_DEAD_NODES, DEATH),
            Map.entry(Fault.KILLS_THE_MEMBERS_OF_OTHERS, DEATH)));

    @Example
    void everyFaultTurnsItsLawRed() {
        assertEquals(EnumSet.complementOf(EnumSet.of(Fault.NONE)), MEANT.keySet());
        MEANT.forEach((fault, law) ->
                assertThrows(AssertionError.class, () -> law.hold(new Laws(fault)), fault + " is not found"));
    }

    @Example
    void withoutAFaultNoLawIsRed() throws Exception {
        for (Law law : List.of(CONVERGE, BEGIN, LAST, ONCE, DEATH)) {
            law.hold(new Laws(Fault.NONE));
        }
    }
}
