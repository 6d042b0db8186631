package dev.tenon.ws.testkit;

import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * The laws that every extension must obey (RFC 6455 §9 and the contract of {@link ExtensionProvider}), as jqwik
 * properties. Subclass it in a test and return the provider:
 *
 * <pre>{@code
 * class MyExtensionLawsTest extends ExtensionLaws {
 *     protected ExtensionProvider provider() {
 *         return new MyExtension();
 *     }
 * }
 * }</pre>
 *
 * <p>End the class name with {@code Test}: Surefire does not run other names by default. Each try uses one of the
 * provider's offers. All payloads are overwritten as soon as a stage returns, and the next handler overwrites the
 * output of a stage, so an extension that keeps a borrowed buffer, or reads its output later, fails the first law.
 */
public abstract class ExtensionLaws {
    /** For subclasses. */
    protected ExtensionLaws() {}

    /**
     * Returns the provider under test, which accepts its own offers.
     *
     * @return a new provider each time
     */
    protected abstract ExtensionProvider provider();

    /**
     * Elements that the extension must refuse, in addition to those that every extension must refuse.
     *
     * @return elements of the extension's name; none by default
     */
    protected List<ExtensionOffer> badElements() {
        return List.of();
    }

    /**
     * Returns how many resources, such as codecs or pooled buffers, all connections of the provider hold; must be 0
     * when all of them are closed.
     *
     * @param provider one that {@link #provider()} returned
     * @return a count; 0 by default
     */
    protected long held(ExtensionProvider provider) {
        return 0;
    }

    /**
     * Generates payloads that compress well and badly, up to about 100,000 bytes.
     *
     * @return lists of messages
     */
    @Provide
    protected Arbitrary<List<byte[]>> messages() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(400);
        Arbitrary<byte[]> repeated = Combinators.combine(
                        Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(50),
                        Arbitraries.integers().between(0, 2000))
                .as(ExtensionLaws::repeat);
        return Arbitraries.frequencyOf(
                        Tuple.of(1, Arbitraries.just(new byte[0])), Tuple.of(4, noise), Tuple.of(4, repeated))
                .list()
                .ofMaxSize(6);
    }

    static byte[] repeat(byte[] pattern, int times) {
        byte[] bytes = new byte[pattern.length * times];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = pattern[i % pattern.length];
        }
        return bytes;
    }

    /**
     * The other end receives all messages, in any fragments, with control frames in between and some messages
     * uncompressed, wherever the wire splits the bytes. Control frames arrive unchanged. No frame is longer than the
     * extension's limit.
     *
     * @param messages the messages
     * @param sender the end that sends
     * @param cuts where they are split
     */
    @Property(tries = 200)
    public void eachEndReceivesTheOthersMessages(
            @ForAll("messages") List<byte[]> messages, @ForAll Role sender, @ForAll Random cuts) {
        new ExtensionStreamChecks(this).eachEndReceivesTheOthersMessages(messages, sender, cuts);
    }

    /**
     * If the next handler is not always ready, all messages arrive in order, whether the extension waits for it or not
     * ({@link dev.tenon.ws.frame.FrameHandler#isReady}).
     *
     * @param messages the messages
     * @param cuts where they are split
     */
    @Property(tries = 50)
    public void aStoppedStageContinues(@ForAll("messages") List<byte[]> messages, @ForAll Random cuts) {
        new ExtensionStreamChecks(this).aStoppedStageContinues(messages, cuts);
    }

    /**
     * Connections of one provider do not affect each other, nor does one direction affect the other, while different
     * messages are being sent on all of them.
     *
     * @param messages the messages of each end, each beginning with a different one
     * @param cuts where they are split
     */
    @Property(tries = 50)
    public void connectionsOfOneProviderAreApart(@ForAll("messages") List<byte[]> messages, @ForAll Random cuts) {
        new ExtensionIsolationChecks(this).connectionsOfOneProviderAreApart(messages, cuts);
    }

    /**
     * The output of a connection does not change until the call returns, while other connections of the provider work
     * on their threads.
     *
     * @param messages the messages
     * @param cuts where they are split
     */
    @Property(tries = 20)
    public void connectionsOfOtherThreadsAreApart(@ForAll("messages") List<byte[]> messages, @ForAll Random cuts) {
        new ExtensionIsolationChecks(this).connectionsOfOtherThreadsAreApart(messages, cuts);
    }

    /**
     * An extension whose frames may be split, with its RSV bits on the first fragment only (RFC 6455 §5.4), refuses
     * them on a continuation.
     *
     * @param messages the messages; the last one is split in two, with a bit on the second fragment
     * @param cuts where they are split
     */
    @Property(tries = 50)
    public void noRsvBitIsAcceptedOnAContinuation(@ForAll("messages") List<byte[]> messages, @ForAll Random cuts) {
        new ExtensionStreamChecks(this).noRsvBitIsAcceptedOnAContinuation(messages, cuts);
    }

    /**
     * An extension sets only its own RSV bits and opcodes, keeps those of others, and clears its own bits inbound.
     *
     * @param messages the messages
     * @param foreign RSV bits that another extension has set
     * @param cuts where they are split
     */
    @Property(tries = 100)
    public void onlyOwnedBitsAndOpcodesAreTouched(
            @ForAll("messages") List<byte[]> messages,
            @ForAll @IntRange(min = 0, max = 7) int foreign,
            @ForAll Random cuts) {
        new ExtensionStreamChecks(this).onlyOwnedBitsAndOpcodesAreTouched(messages, foreign, cuts);
    }

    /**
     * Inbound, an extension never makes a message longer than the receiver's limit, except if its encoded form is
     * longer already; it fails with 1009 instead.
     *
     * @param pattern the repeated content of the message
     * @param times how often it is repeated
     * @param budget the longest message that the receiver accepts
     * @param cuts where it is split
     */
    @Property(tries = 200)
    public void theOutputBudgetIsKept(
            @ForAll @Size(min = 1, max = 20) byte[] pattern,
            @ForAll @IntRange(min = 0, max = 3000) int times,
            @ForAll @IntRange(min = 0, max = 5000) int budget,
            @ForAll Random cuts) {
        new ExtensionStreamChecks(this).theOutputBudgetIsKept(pattern, times, budget, cuts);
    }

    /**
     * For any payload in a frame with the extension's bits, it throws nothing except a {@link ProtocolException}.
     *
     * @param payloads any bytes
     * @param cuts where they are split
     */
    @Property(tries = 300)
    public void garbageFailsCleanly(@ForAll("messages") List<byte[]> payloads, @ForAll Random cuts) {
        new ExtensionIsolationChecks(this).garbageFailsCleanly(payloads, cuts);
    }

    /**
     * Closing frees all resources at any time.
     *
     * @param message a message that does not end
     * @param cuts where it is split
     */
    @Property(tries = 100)
    public void nothingIsHeldOnceClosed(@ForAll byte[] message, @ForAll Random cuts) {
        new ExtensionIsolationChecks(this).nothingIsHeldOnceClosed(message, cuts);
    }

    /**
     * Extensions with equal sharing keys make the same frames of a message after {@code forgetOutbound}. A peer
     * understands frames that were made for another connection, and the messages after them.
     *
     * @param messages the last one is for all connections; each connection has sent different ones of the others before
     * @param cuts where they are split
     */
    @Property(tries = 100)
    public void sharedFramesAreUnderstoodByAll(@ForAll("messages") List<byte[]> messages, @ForAll Random cuts) {
        new ExtensionIsolationChecks(this).sharedFramesAreUnderstoodByAll(messages, cuts);
    }

    /**
     * A server accepts each of the provider's own offers, a client confirms the response, and both agree on the same
     * RSV bits and reserved opcodes.
     */
    @Property(tries = 1)
    public void theProviderAgreesWithItself() {
        new ExtensionNegotiationChecks(this).theProviderAgreesWithItself();
    }

    /** Both roles refuse an unknown parameter, a repeated one, and all of {@link #badElements()}. */
    @Property(tries = 1)
    public void badParametersAreRefused() {
        new ExtensionNegotiationChecks(this).badParametersAreRefused();
    }
}
