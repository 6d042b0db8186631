package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.testkit.RunLengths.Fault;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.RandomGenerator;

/** Each faulty extension fails the law for its fault, and a correct extension fails none. */
class ExtensionLawsBiteProperties {
    private static final Map<Fault, String> MEANT = meant();

    private static Map<Fault, String> meant() {
        Map<Fault, String> meant = new EnumMap<>(Fault.class);
        meant.put(Fault.LOSES_A_HALF_PAIR, "round trip");
        meant.put(Fault.COUNTS_ON_WHAT_IT_HANDED_ON, "round trip");
        meant.put(Fault.SAYS_TOO_SHORT, "round trip");
        meant.put(Fault.LOSES_PINGS, "round trip");
        meant.put(Fault.MAKES_TEXT_BINARY, "round trip");
        meant.put(Fault.MARKS_WHAT_IT_SKIPS, "round trip");
        meant.put(Fault.FORGETS_THE_MODE, "round trip");
        meant.put(Fault.TAKES_EVERY_PIECE_FOR_A_FRAME, "round trip");
        meant.put(Fault.BREAKS_ITS_SECOND_OFFER, "round trip");
        meant.put(Fault.SHARES_ITS_STATE, "apart");
        meant.put(Fault.SHARES_WHAT_IS_UNFINISHED, "apart");
        meant.put(Fault.MIXES_ITS_DIRECTIONS, "apart");
        meant.put(Fault.SHARES_A_FLAG, "apart");
        meant.put(Fault.LEAVES_STATE_WITH_THE_THREAD, "apart");
        meant.put(Fault.LOSES_WHAT_COMES_TOO_EARLY, "stopped");
        meant.put(Fault.SHARES_ITS_OUTPUT, "threads");
        meant.put(Fault.TAKES_A_BIT_ON_A_CONTINUATION, "continuation");
        meant.put(Fault.LEAVES_ITS_BIT, "owned");
        meant.put(Fault.SETS_A_FOREIGN_BIT, "owned");
        meant.put(Fault.LOSES_A_FOREIGN_BIT, "owned");
        meant.put(Fault.IGNORES_THE_BUDGET, "budget");
        meant.put(Fault.FAILS_THE_BUDGET_WITH_1002, "budget");
        meant.put(Fault.THROWS_ON_GARBAGE, "garbage");
        meant.put(Fault.HOLDS_WHAT_IS_CUT_OFF, "closed");
        meant.put(Fault.DOES_NOT_FORGET, "shared");
        meant.put(Fault.SHARES_WITH_NOBODY, "shared");
        meant.put(Fault.DECLINES_ITSELF, "itself");
        meant.put(Fault.AGREES_TWICE_ON_DIFFERENT_BITS, "itself");
        meant.put(Fault.TAKES_ANY_PARAMETER, "parameters");
        return meant;
    }

    /** The laws as a user runs them, for one faulty provider. */
    private static final class Laws extends ExtensionLaws {
        private final Fault fault;

        Laws(Fault fault) {
            this.fault = fault;
        }

        @Override
        protected ExtensionProvider provider() {
            return new RunLengths(fault);
        }

        @Override
        protected long held(ExtensionProvider provider) {
            return ((RunLengths) provider).held();
        }
    }

    private interface Law {
        void hold(Laws laws, List<byte[]> messages, Random random);
    }

    private static final Map<String, Law> ALL = all();

    private static Map<String, Law> all() {
        Map<String, Law> all = new HashMap<>();
        all.put(
                "round trip",
                (laws, messages, random) -> laws.eachEndReceivesTheOthersMessages(
                        messages, random.nextBoolean() ? Role.CLIENT : Role.SERVER, random));
        all.put("apart", (laws, messages, random) -> laws.connectionsOfOneProviderAreApart(messages, random));
        all.put("stopped", (laws, messages, random) -> laws.aStoppedStageContinues(messages, random));
        all.put("threads", (laws, messages, random) -> laws.connectionsOfOtherThreadsAreApart(messages, random));
        all.put("continuation", (laws, messages, random) -> laws.noRsvBitIsAcceptedOnAContinuation(messages, random));
        all.put(
                "owned",
                (laws, messages, random) ->
                        laws.onlyOwnedBitsAndOpcodesAreTouched(messages, random.nextInt(8), random));
        all.put(
                "budget",
                (laws, messages, random) ->
                        laws.theOutputBudgetIsKept(new byte[] {7}, random.nextInt(3000), random.nextInt(5000), random));
        all.put("garbage", (laws, messages, random) -> laws.garbageFailsCleanly(messages, random));
        all.put("closed", (laws, messages, random) -> laws.nothingIsHeldOnceClosed(new byte[] {1, 1, 2}, random));
        all.put("shared", (laws, messages, random) -> laws.sharedFramesAreUnderstoodByAll(messages, random));
        all.put("itself", (laws, messages, random) -> laws.theProviderAgreesWithItself());
        all.put("parameters", (laws, messages, random) -> laws.badParametersAreRefused());
        return all;
    }

    /** Returns whether a law detects the fault within the number of tries. */
    private static boolean finds(String law, Fault fault, int tries, Random random) {
        Laws laws = new Laws(fault);
        RandomGenerator<List<byte[]>> messages = laws.messages().generator(1000);
        for (int i = 0; i < tries; i++) {
            try {
                Objects.requireNonNull(ALL.get(law))
                        .hold(laws, messages.next(random).value(), random);
            } catch (AssertionError | RuntimeException e) {
                return true;
            }
        }
        return false;
    }

    @Property(tries = 20)
    void aGoodExtensionKeepsAllOfThem(@ForAll Random random) {
        for (String law : ALL.keySet()) {
            assertFalse(finds(law, Fault.NONE, 10, random), law);
        }
    }

    @Example
    void everyFaultIsFoundByTheLawThatIsMeantForIt(@ForAll Random random) {
        MEANT.forEach((fault, law) -> assertTrue(finds(law, fault, 500, random), law + " misses " + fault));
    }

    @Example
    void everyLawIsThereForSomethingAndEveryFaultIsLookedFor() {
        assertEquals(ALL.keySet(), Set.copyOf(MEANT.values()));
        assertEquals(EnumSet.complementOf(EnumSet.of(Fault.NONE)), MEANT.keySet());
    }
}
