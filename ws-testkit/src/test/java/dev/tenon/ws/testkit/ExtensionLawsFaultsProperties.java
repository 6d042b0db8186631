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
class ExtensionLawsFaultsProperties {
    private static final Map<Fault, String> MEANT = lawsByFault();

    private static Map<Fault, String> lawsByFault() {
        Map<Fault, String> lawsByFault = new EnumMap<>(Fault.class);
        lawsByFault.put(Fault.LOSES_A_HALF_PAIR, "round trip");
        lawsByFault.put(Fault.COUNTS_ON_WHAT_IT_HANDED_ON, "round trip");
        lawsByFault.put(Fault.SAYS_TOO_SHORT, "round trip");
        lawsByFault.put(Fault.LOSES_PINGS, "round trip");
        lawsByFault.put(Fault.MAKES_TEXT_BINARY, "round trip");
        lawsByFault.put(Fault.MARKS_WHAT_IT_SKIPS, "round trip");
        lawsByFault.put(Fault.FORGETS_THE_MODE, "round trip");
        lawsByFault.put(Fault.TAKES_EVERY_PIECE_FOR_A_FRAME, "round trip");
        lawsByFault.put(Fault.BREAKS_ITS_SECOND_OFFER, "round trip");
        lawsByFault.put(Fault.SHARES_ITS_STATE, "apart");
        lawsByFault.put(Fault.SHARES_WHAT_IS_UNFINISHED, "apart");
        lawsByFault.put(Fault.MIXES_ITS_DIRECTIONS, "apart");
        lawsByFault.put(Fault.SHARES_A_FLAG, "apart");
        lawsByFault.put(Fault.LEAVES_STATE_WITH_THE_THREAD, "apart");
        lawsByFault.put(Fault.LOSES_WHAT_COMES_TOO_EARLY, "stopped");
        lawsByFault.put(Fault.SHARES_ITS_OUTPUT, "threads");
        lawsByFault.put(Fault.TAKES_A_BIT_ON_A_CONTINUATION, "continuation");
        lawsByFault.put(Fault.LEAVES_ITS_BIT, "owned");
        lawsByFault.put(Fault.SETS_A_FOREIGN_BIT, "owned");
        lawsByFault.put(Fault.LOSES_A_FOREIGN_BIT, "owned");
        lawsByFault.put(Fault.IGNORES_THE_BUDGET, "budget");
        lawsByFault.put(Fault.FAILS_THE_BUDGET_WITH_1002, "budget");
        lawsByFault.put(Fault.THROWS_ON_GARBAGE, "garbage");
        lawsByFault.put(Fault.HOLDS_WHAT_IS_CUT_OFF, "closed");
        lawsByFault.put(Fault.DOES_NOT_FORGET, "shared");
        lawsByFault.put(Fault.SHARES_WITH_NOBODY, "shared");
        lawsByFault.put(Fault.DECLINES_ITSELF, "itself");
        lawsByFault.put(Fault.AGREES_TWICE_ON_DIFFERENT_BITS, "itself");
        lawsByFault.put(Fault.TAKES_ANY_PARAMETER, "parameters");
        return lawsByFault;
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
    void everyLawFindsAFaultAndEveryFaultHasALaw() {
        assertEquals(ALL.keySet(), Set.copyOf(MEANT.values()));
        assertEquals(EnumSet.complementOf(EnumSet.of(Fault.NONE)), MEANT.keySet());
    }
}
