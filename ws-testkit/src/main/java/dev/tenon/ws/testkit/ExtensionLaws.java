package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.FrameRecorder.check;

import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.testkit.FrameRecorder.Recorded;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
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
    private static final long BUDGET = 1 << 22;

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

    private static byte[] repeat(byte[] pattern, int times) {
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
        ExtensionPair pair = new ExtensionPair(provider(), BUDGET, cuts);
        for (byte[] message : messages) {
            pair.end(sender).send(message, 0, cuts);
            List<Recorded> frames = pair.end(sender).wire.take();
            long longest = pair.negotiated.maxPayloadLength(message.length);
            check(
                    frames.stream()
                            .filter(frame -> !frame.header().opcode().isControl())
                            .allMatch(frame -> frame.length() <= longest),
                    "a frame of more than " + longest + " bytes for a message of " + message.length);
            pair.end(sender.peer()).receive(frames, cuts);
        }
        FrameRecorder received = pair.end(sender.peer()).received;
        checkMessages(received, messages);
        List<Recorded> pings = received.frames().stream()
                .filter(frame -> frame.header().opcode().isControl())
                .toList();
        check(pings.equals(pair.end(sender).pings), "control frames were lost, added or changed");
        pair.close();
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
        ExtensionPair pair = new ExtensionPair(provider(), BUDGET, cuts);
        for (byte[] message : messages) {
            pair.client.send(message, 0, cuts);
            pair.server.receiveHaltingly(pair.client.wire.take(), cuts);
        }
        checkMessages(pair.server.received, messages);
        List<Recorded> pings = pair.server.received.frames().stream()
                .filter(frame -> frame.header().opcode().isControl())
                .toList();
        check(pings.equals(pair.client.pings), "control frames were lost, added or changed");
        pair.close();
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
        ExtensionProvider provider = provider();
        List<ExtensionPair> pairs = Stream.generate(() -> new ExtensionPair(provider, BUDGET, cuts))
                .limit(3)
                .toList();
        List<ExtensionEnd> ends = pairs.stream()
                .flatMap(pair -> Stream.of(pair.client, pair.server))
                .toList();
        for (int i = 0; i < messages.size(); i++) {
            List<Deque<Runnable>> steps = new ArrayList<>();
            for (int end = 0; end < ends.size(); end++) {
                steps.add(ends.get(end).steps(messages.get((i + end) % messages.size()), 0, cuts));
            }
            while (steps.stream().anyMatch(each -> !each.isEmpty())) {
                steps.stream()
                        .filter(each -> !each.isEmpty())
                        .forEach(each -> each.remove().run());
            }
            ExtensionPair.passOnInTurn(pairs, cuts);
        }
        for (int end = 0; end < ends.size(); end++) { // the peer of each has sent what began with another message
            List<byte[]> sent = new ArrayList<>(messages);
            Collections.rotate(sent, -(end ^ 1));
            checkMessages(ends.get(end).received, sent);
        }
        pairs.forEach(ExtensionPair::close);
        check(held(provider) == 0, "closed connections hold " + held(provider));
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
        ExtensionProvider provider = provider();
        ExtensionPair pair = new ExtensionPair(provider, BUDGET, cuts);
        ExtensionPair other = new ExtensionPair(provider, BUDGET, cuts);
        byte[] another = repeat(new byte[] {3, 1, 4, 1, 5}, 40);
        Random otherCuts = new Random(cuts.nextLong());
        Runnable meanwhile = () -> onAnotherThread(() -> {
            other.client.send(another, 0, otherCuts);
            other.server.receive(other.client.wire.take(), otherCuts);
        });
        pair.client.wire.meanwhile(meanwhile);
        pair.server.received.meanwhile(meanwhile);
        for (byte[] message : messages) {
            pair.client.send(message, 0, cuts);
            pair.server.receive(pair.client.wire.take(), cuts);
        }
        checkMessages(pair.server.received, messages);
        pair.close();
        other.close();
    }

    private static void onAnotherThread(Runnable work) {
        try {
            CompletableFuture.runAsync(work, command -> new Thread(command).start())
                    .join();
        } catch (CompletionException e) {
            throw new AssertionError("another connection failed meanwhile", e.getCause());
        }
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
        ExtensionPair pair = new ExtensionPair(provider(), BUDGET, cuts);
        int owned = pair.negotiated.rsv();
        if (pair.negotiated.fragmentable() && owned != 0) {
            byte[] message = messages.isEmpty() ? new byte[200] : messages.get(messages.size() - 1);
            pair.client.sendWhole(message);
            Recorded frame = pair.client.wire.take().get(0);
            pair.server.receive(List.of(new Recorded(frame.header().withFin(false), frame.payload())), cuts);
            FrameHeader marked = FrameHeader.of(true, Opcode.CONTINUATION).withRsv(owned);
            try {
                pair.server.receive(List.of(new Recorded(marked, ByteBuffer.allocate(0))), cuts);
            } catch (ProtocolException expected) {
                pair.close();
                return;
            }
            throw new AssertionError("RSV bits on a continuation were taken");
        }
        pair.close();
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
        ExtensionPair pair = new ExtensionPair(provider(), BUDGET, cuts);
        int owned = pair.negotiated.rsv();
        int others = foreign & ~owned;
        for (byte[] message : messages) {
            pair.server.send(message, others, cuts);
            List<Recorded> frames = pair.server.wire.take();
            checkOwnership(pair.negotiated, frames, others);
            pair.client.receive(frames, cuts);
        }
        for (Recorded message : pair.client.received.messages()) {
            int expected = message.header().opcode().isControl() ? 0 : others;
            check(message.header().rsv() == expected, "inbound left or lost RSV bits: " + message.header());
            check(!message.header().opcode().isReserved(), "inbound left " + message.header());
        }
        for (Recorded frame : pair.client.received.frames()) {
            check(
                    frame.header().opcode() != Opcode.CONTINUATION
                            || frame.header().rsv() == 0,
                    "inbound left or made RSV bits: " + frame.header());
        }
        pair.close();
    }

    private static void checkOwnership(NegotiatedExtension negotiated, List<Recorded> frames, int others) {
        boolean first = true;
        for (Recorded frame : frames) {
            Opcode opcode = frame.header().opcode();
            int unowned = frame.header().rsv() & ~negotiated.rsv();
            if (!opcode.isControl() && !opcode.isReserved() && first) {
                check(unowned == others, "RSV bits of others: " + others + " became " + unowned);
                first = false;
            } else {
                check(unowned == 0, "RSV bits that nobody set: " + frame.header());
            }
            check(
                    !opcode.isReserved() || negotiated.opcodes().contains(opcode),
                    "an opcode that the extension does not own: " + opcode);
        }
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
        ExtensionPair pair = new ExtensionPair(provider(), budget, cuts);
        byte[] message = repeat(pattern, times);
        pair.client.send(message, 0, cuts);
        List<Recorded> frames = pair.client.wire.take();
        try {
            pair.server.receive(frames, cuts);
            checkMessages(pair.server.received, List.of(message));
        } catch (ProtocolException e) {
            check(e.closeCode().value() == 1009, "failed with " + e.closeCode() + " instead of 1009");
            check(message.length > budget, "a message of " + message.length + " failed within " + budget);
        }
        long wire = frames.stream().mapToLong(Recorded::length).sum();
        check(
                pair.server.received.dataLength() <= Math.max(budget, wire),
                pair.server.received.dataLength() + " bytes handed on, with a budget of " + budget);
        pair.close();
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
        ExtensionProvider provider = provider();
        ExtensionPair pair = new ExtensionPair(provider, BUDGET, cuts);
        try {
            for (byte[] payload : payloads) {
                FrameHeader header = FrameHeader.of(true, Opcode.BINARY).withRsv(pair.negotiated.rsv());
                pair.server.receive(List.of(new Recorded(header, ByteBuffer.wrap(payload))), cuts);
            }
        } catch (ProtocolException expected) {
            check(expected.closeCode().isSendable(), "a close code that must not travel");
        }
        pair.close();
        check(held(provider) == 0, "a closed connection holds " + held(provider));
    }

    /**
     * Closing gives everything back, wherever the connection stood.
     *
     * @param message one that is cut off
     * @param cuts where
     */
    @Property(tries = 100)
    public void nothingIsHeldOnceClosed(@ForAll byte[] message, @ForAll Random cuts) {
        ExtensionProvider provider = provider();
        ExtensionPair pair = new ExtensionPair(provider, BUDGET, cuts);
        pair.client.send(message, 0, cuts);
        List<Recorded> frames = pair.client.wire.take();
        pair.server.receive(frames.subList(0, cuts.nextInt(frames.size() + 1)), cuts);
        pair.close();
        check(held(provider) == 0, "a closed connection holds " + held(provider));
        pair.negotiated.open(new ExtensionContext(Role.SERVER, 0)).close(); // nor does one that never had a stage
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
        int others = Math.max(messages.size() - 1, 0);
        List<byte[]> before = messages.subList(0, others);
        byte[] message = messages.isEmpty() ? new byte[0] : messages.get(others);
        ExtensionProvider provider = provider();
        ExtensionOffer offer = ExtensionPair.anyOffer(provider, cuts);
        List<ExtensionPair> pairs =
                List.of(new ExtensionPair(provider, BUDGET, offer), new ExtensionPair(provider, BUDGET, offer));
        List<Recorded> shared = new ArrayList<>();
        for (ExtensionPair pair : pairs) {
            Optional<Object> key = pair.server.extension.sharingKey();
            check(key.equals(pairs.get(0).server.extension.sharingKey()), "one agreement, two sharing keys");
            List<byte[]> sent = new ArrayList<>(before.subList(0, cuts.nextInt(before.size() + 1)));
            sent.forEach(each -> pair.server.send(each, 0, cuts));
            pair.server.extension.forgetOutbound();
            List<Recorded> frames = new ArrayList<>(pair.server.wire.take());
            if (shared.isEmpty() || key.isEmpty()) {
                pair.server.sendWhole(message);
                shared = pair.server.wire.take();
                check(
                        key.isEmpty() || shared.equals(ExtensionEnd.apart(pair.negotiated, message, BUDGET)),
                        "one sharing key, other frames");
            }
            frames.addAll(shared);
            pair.server.sendWhole(message);
            frames.addAll(pair.server.wire.take());
            pair.client.receive(frames, cuts);
            sent.addAll(List.of(message, message));
            checkMessages(pair.client.received, sent);
            pair.close();
        }
    }

    /**
     * A server accepts each of the provider's own offers, a client confirms the answer, and both agree on what is owned:
     * exactly RSV bits, and opcodes that are reserved.
     */
    @Property(tries = 1)
    public void theProviderAgreesWithItself() {
        ExtensionProvider provider = provider();
        check(!provider.offers().isEmpty(), "a client would offer nothing");
        for (ExtensionOffer offer : provider.offers()) {
            check(offer.name().equals(provider.name()), "an offer named " + offer.name());
            NegotiatedExtension server = answered(provider, offer);
            NegotiatedExtension client = provider.confirm(server.agreed());
            check(
                    server.agreed().name().equals(provider.name()),
                    "an answer named " + server.agreed().name());
            check(server.rsv() == client.rsv() && (server.rsv() & ~7) == 0, "RSV bits " + server.rsv());
            check(server.opcodes().equals(client.opcodes()), "two ends that own different opcodes");
            check(server.opcodes().stream().allMatch(Opcode::isReserved), "opcodes that are not to be had");
            check(answered(provider, offer).agreed().equals(server.agreed()), "two answers to the same offer");
        }
    }

    /** An unknown parameter, one that stands twice, and all of {@link #badElements()} are refused by both roles. */
    @Property(tries = 1)
    public void badParametersAreRefused() {
        ExtensionProvider provider = provider();
        List<ExtensionOffer> bad = new ArrayList<>(badElements());
        bad.add(ExtensionOffer.of(provider.name(), Parameter.flag("x-no-such-parameter")));
        for (ExtensionOffer offer : provider.offers()) {
            for (Parameter parameter : offer.parameters()) {
                List<Parameter> twice = new ArrayList<>(offer.parameters());
                twice.add(parameter);
                bad.add(new ExtensionOffer(offer.name(), twice));
            }
        }
        for (ExtensionOffer element : bad) {
            check(refuses(() -> provider.answer(element)), "a server accepted " + element);
            check(refuses(() -> provider.confirm(element)), "a client confirmed " + element);
        }
    }

    private static NegotiatedExtension answered(ExtensionProvider provider, ExtensionOffer offer) {
        try {
            return provider.answer(offer);
        } catch (ExtensionException refusal) {
            throw new AssertionError("declined its own offer " + offer, refusal);
        }
    }

    private static boolean refuses(Runnable negotiation) {
        try {
            negotiation.run();
            return false;
        } catch (ExtensionException expected) {
            return true;
        }
    }

    private static void checkMessages(FrameRecorder received, List<byte[]> sent) {
        List<Recorded> got = received.messages().stream()
                .filter(message -> !message.header().opcode().isControl())
                .toList();
        check(got.size() == sent.size(), sent.size() + " messages were sent, and " + got.size() + " received");
        for (int i = 0; i < got.size(); i++) {
            check(got.get(i).payload().equals(ByteBuffer.wrap(sent.get(i))), "message " + i + " arrived changed");
            Opcode opcode = got.get(i).header().opcode();
            check(opcode == ExtensionEnd.opcode(sent.get(i)), "message " + i + " arrived as " + opcode);
        }
    }
}
