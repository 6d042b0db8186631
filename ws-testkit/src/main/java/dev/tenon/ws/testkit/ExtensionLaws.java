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
 * properties. Subclass it in a test and name the provider:
 *
 * <pre>{@code
 * class MyExtensionLawsTest extends ExtensionLaws {
 *     protected ExtensionProvider provider() {
 *         return new MyExtension();
 *     }
 * }
 * }</pre>
 *
 * <p>Name it {@code ...Test}: Surefire runs no class named {@code ...Laws} unless it is told to. Each try takes one of the
 * provider's offers. All payloads are overwritten as soon as a stage returns, and what a stage hands on is overwritten by
 * the next one, so an extension that keeps a borrowed buffer, or counts on what it handed on, fails the first law.
 */
public abstract class ExtensionLaws {
    /** For subclasses. */
    protected ExtensionLaws() {}

    /**
     * The provider under test, which accepts its own offers.
     *
     * @return a new provider each time
     */
    protected abstract ExtensionProvider provider();

    /**
     * Elements that the extension must refuse, beside those that are wrong for every extension.
     *
     * @return elements of the extension's name; none by default
     */
    protected List<ExtensionOffer> badElements() {
        return List.of();
    }

    /**
     * What the provider's connections hold in all, such as codecs or pooled buffers that are out; must be 0 when all of
     * them are closed.
     *
     * @param provider one that {@link #provider()} returned
     * @return a count; 0 by default
     */
    protected long held(ExtensionProvider provider) {
        return 0;
    }

    /**
     * Payloads that compress well and badly, up to about 100,000 bytes.
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
     * Whatever one end sends, in any fragments, with control frames in between and with some messages to be skipped, the
     * other receives, however the wire cuts it; the control frames, too, unchanged; and no frame is longer than the extension says.
     *
     * @param messages what is sent
     * @param sender the end that sends
     * @param cuts where it is cut
     */
    @Property(tries = 200)
    public void whatOneEndSendsTheOtherReceives(
            @ForAll("messages") List<byte[]> messages, @ForAll Role sender, @ForAll Random cuts) {
        new ExtensionStreamChecks(this).whatOneEndSendsTheOtherReceives(messages, sender, cuts);
    }

    /**
     * Where the next handler is not always ready, nothing is lost and nothing overtakes, whether the extension waits for it
     * or not ({@link dev.tenon.ws.frame.FrameHandler#isReady}).
     *
     * @param messages what is sent
     * @param cuts where it is cut
     */
    @Property(tries = 50)
    public void whatIsStoppedGoesOn(@ForAll("messages") List<byte[]> messages, @ForAll Random cuts) {
        new ExtensionStreamChecks(this).whatIsStoppedGoesOn(messages, cuts);
    }

    /**
     * Connections that came out of one provider do not see each other, nor does one direction see the other, although
     * messages of all of them, each another one, are under way at once.
     *
     * @param messages what each end of each of them sends, each beginning with another one
     * @param cuts where it is cut
     */
    @Property(tries = 50)
    public void connectionsOfOneProviderAreApart(@ForAll("messages") List<byte[]> messages, @ForAll Random cuts) {
        new ExtensionIsolationChecks(this).connectionsOfOneProviderAreApart(messages, cuts);
    }

    /**
     * What a connection hands on stays as it is until the call returns, whatever other connections of the provider do on
     * their threads meanwhile.
     *
     * @param messages what is sent
     * @param cuts where it is cut
     */
    @Property(tries = 20)
    public void connectionsOfOtherThreadsAreApart(@ForAll("messages") List<byte[]> messages, @ForAll Random cuts) {
        new ExtensionIsolationChecks(this).connectionsOfOtherThreadsAreApart(messages, cuts);
    }

    /**
     * An extension whose frames may be cut, so that its RSV bits stand on the first fragment only (RFC 6455 §5.4), takes
     * none on a continuation.
     *
     * @param messages what is sent, of which the last is cut in two, with a bit where it does not belong
     * @param cuts where
     */
    @Property(tries = 50)
    public void noRsvBitIsTakenOnAContinuation(@ForAll("messages") List<byte[]> messages, @ForAll Random cuts) {
        new ExtensionStreamChecks(this).noRsvBitIsTakenOnAContinuation(messages, cuts);
    }

    /**
     * An extension sets its own RSV bits and opcodes only, leaves those of others alone, and clears its own inbound.
     *
     * @param messages what is sent
     * @param foreign RSV bits that another extension has set
     * @param cuts where it is cut
     */
    @Property(tries = 100)
    public void onlyOwnedBitsAndOpcodesAreTouched(
            @ForAll("messages") List<byte[]> messages,
            @ForAll @IntRange(min = 0, max = 7) int foreign,
            @ForAll Random cuts) {
        new ExtensionStreamChecks(this).onlyOwnedBitsAndOpcodesAreTouched(messages, foreign, cuts);
    }

    /**
     * Inbound, an extension never hands on more for a message than the output budget allows, nor more than came over
     * the wire where that is longer; it stops with 1009 instead.
     *
     * @param pattern what the message repeats
     * @param times how often
     * @param budget the longest message that the receiver takes
     * @param cuts where it is cut
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
     * Whatever a peer sends in a frame that carries the extension's bits, nothing worse happens than a
     * {@link ProtocolException}.
     *
     * @param payloads any bytes
     * @param cuts where they are cut
     */
    @Property(tries = 300)
    public void garbageFailsCleanly(@ForAll("messages") List<byte[]> payloads, @ForAll Random cuts) {
        new ExtensionIsolationChecks(this).garbageFailsCleanly(payloads, cuts);
    }

    /**
     * Closing gives everything back, wherever the connection stood.
     *
     * @param message one that is cut off
     * @param cuts where
     */
    @Property(tries = 100)
    public void nothingIsHeldOnceClosed(@ForAll byte[] message, @ForAll Random cuts) {
        new ExtensionIsolationChecks(this).nothingIsHeldOnceClosed(message, cuts);
    }

    /**
     * Extensions with equal sharing keys, once they have forgotten, make the same frames of a message, and whoever is
     * sent frames that were made for another connection understands them, and what comes after.
     *
     * @param messages the last is the message for all; of the others each connection has sent a different part already
     * @param cuts where they are cut
     */
    @Property(tries = 100)
    public void sharedFramesAreUnderstoodByAll(@ForAll("messages") List<byte[]> messages, @ForAll Random cuts) {
        new ExtensionIsolationChecks(this).sharedFramesAreUnderstoodByAll(messages, cuts);
    }

    /**
     * A server accepts each of the provider's own offers, a client confirms the response, and both agree on what is owned:
     * exactly RSV bits, and opcodes that are reserved.
     */
    @Property(tries = 1)
    public void theProviderAgreesWithItself() {
        new ExtensionNegotiationChecks(this).theProviderAgreesWithItself();
    }

    /** An unknown parameter, one that stands twice, and all of {@link #badElements()} are refused by both roles. */
    @Property(tries = 1)
    public void badParametersAreRefused() {
        new ExtensionNegotiationChecks(this).badParametersAreRefused();
    }
}
