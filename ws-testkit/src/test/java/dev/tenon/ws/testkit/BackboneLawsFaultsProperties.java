package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.testkit.FaultyBackbone.Fault;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import net.jqwik.api.Example;

/** Each faulty backbone fails the law for its fault. */
class BackboneLawsFaultsProperties {
    private static final class Laws extends BackboneLaws {
        private final Fault fault;

        Laws(Fault fault) {
            this.fault = fault;
        }

        @Override
        protected BackboneCluster cluster() {
            return FaultyBackbone.cluster(fault);
        }

        @Override
        protected boolean await(BooleanSupplier condition) {
            return condition.getAsBoolean(); // all effects of a call have happened when it returns
        }
    }

    private interface Law {
        void hold(Laws laws) throws Exception;
    }

    private static final int PUBLISH = 0;
    private static final int AGAIN = 3;
    private static final int OPEN = 4;
    private static final int RELEASE = 5;
    private static final int REPLAY = 6;
    private static final int ON_NODE_1 = 8;
    private static final int FROM_THE_THIRD = 48;

    private static final List<Integer> STEPS = List.of(
            OPEN,
            PUBLISH,
            PUBLISH,
            ON_NODE_1 + OPEN,
            PUBLISH,
            ON_NODE_1 + PUBLISH,
            AGAIN,
            ON_NODE_1 + RELEASE,
            PUBLISH,
            PUBLISH,
            REPLAY,
            FROM_THE_THIRD + REPLAY);

    private static final Law ORDER = laws -> laws.allNodesReceiveAllMessagesInOneOrder(STEPS);
    private static final Law NAMES = laws -> laws.aPositionNamesOneMessage(STEPS);
    private static final Law KEYS = laws -> laws.oneKeyIsOneMessage(STEPS);
    private static final Law REPLAYS = laws -> laws.aReplayHasAllMessagesAfterItsPosition(STEPS);
    private static final Law FOREIGN = laws -> laws.aPositionOutsideTheHistoryIsNotRecovered(5);
    private static final Law OVERFLOW = BackboneLaws::aHistoryThatHasOverflowedRecoversAllOrNothing;
    private static final Law JOIN = laws -> laws.aReplayJoinsTheLiveMessagesWhileOthersPublish(5);
    private static final Law PARTITION = laws -> laws.aPartitionLosesNothingInSilence(5);
    private static final Law DISCARDED = BackboneLaws::messagesThatTheHistoryHasDiscardedAreReported;
    private static final Law RESTART = laws -> laws.aRestartRecoversAllOrNothing(5);

    private static final Map<Fault, Law> MEANT = lawsByFault();

    private static Map<Fault, Law> lawsByFault() {
        Map<Fault, Law> lawsByFault = new EnumMap<>(Fault.class);
        lawsByFault.put(Fault.SWAPS_TWO_MESSAGES, ORDER);
        lawsByFault.put(Fault.LOSES_A_MESSAGE, ORDER);
        lawsByFault.put(Fault.DELIVERS_TWICE, ORDER);
        lawsByFault.put(Fault.DELIVERS_AFTER_RELEASE, ORDER);
        lawsByFault.put(Fault.SAYS_AN_OLDER_START, ORDER);
        lawsByFault.put(Fault.SAYS_A_NEWER_START, ORDER);
        lawsByFault.put(Fault.IGNORES_KEYS, KEYS);
        lawsByFault.put(Fault.REPLAYS_ANOTHER_TEXT, NAMES);
        lawsByFault.put(Fault.REPLAYS_ALL_BUT_THE_LAST, REPLAYS);
        lawsByFault.put(Fault.REPLAYS_THE_POSITION_ITSELF, REPLAYS);
        lawsByFault.put(Fault.REPLAYS_BACKWARDS, REPLAYS);
        lawsByFault.put(Fault.SAYS_A_NEWER_END, REPLAYS);
        lawsByFault.put(Fault.RECOVERS_FROM_FOREIGN_EPOCHS, FOREIGN);
        lawsByFault.put(Fault.RECOVERS_A_PART, OVERFLOW);
        lawsByFault.put(Fault.REPLAYS_WITHOUT_THE_FIRST, JOIN);
        lawsByFault.put(Fault.FORGETS_A_PARTITION, PARTITION);
        lawsByFault.put(Fault.CONTINUES_WITH_WHAT_THE_HISTORY_STILL_HAS, DISCARDED);
        lawsByFault.put(Fault.APPENDS_DOUBTFUL_MESSAGES_TWICE, PARTITION);
        lawsByFault.put(Fault.KEEPS_ITS_EPOCH_WITHOUT_ITS_HISTORY, RESTART);
        return lawsByFault;
    }

    @Example
    void everyFaultTurnsItsLawRed() {
        assertEquals(EnumSet.complementOf(EnumSet.of(Fault.NONE)), MEANT.keySet());
        MEANT.forEach((fault, law) ->
                assertThrows(AssertionError.class, () -> law.hold(new Laws(fault)), fault + " is not found"));
    }

    @Example
    void aNodeThatContinuesAfterAShortPartitionIsInOrder() throws Exception {
        PARTITION.hold(new Laws(Fault.CONTINUES_WITH_WHAT_THE_HISTORY_STILL_HAS));
    }

    @Example
    void withoutAFaultNoLawIsRed() throws Exception {
        for (Law law : List.of(ORDER, NAMES, KEYS, REPLAYS, FOREIGN, OVERFLOW, JOIN, PARTITION, DISCARDED, RESTART)) {
            law.hold(new Laws(Fault.NONE));
        }
    }
}
