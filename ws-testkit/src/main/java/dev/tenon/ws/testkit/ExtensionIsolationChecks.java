package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.FrameRecorder.check;

import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.ThreadResources;
import dev.tenon.ws.frame.FirstByte;
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

/** The checks of the laws about several connections, and about the end of one. */
final class ExtensionIsolationChecks {
    private final ExtensionLaws laws;

    ExtensionIsolationChecks(ExtensionLaws laws) {
        this.laws = laws;
    }

    void connectionsOfOneProviderAreApart(List<byte[]> messages, Random cuts) {
        ExtensionProvider provider = laws.provider();
        ThreadResources resources = new ThreadResources();
        List<ExtensionPair> pairs = Stream.generate(() -> new ExtensionPair(
                        provider, ExtensionPair.BUDGET, ExtensionPair.anyOffer(provider, cuts), resources))
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
        for (int end = 0; end < ends.size(); end++) { // each peer has sent a different first message
            List<byte[]> sent = new ArrayList<>(messages);
            Collections.rotate(sent, -(end ^ 1));
            ends.get(end).checkReceived(sent);
        }
        pairs.forEach(ExtensionPair::closeEnds);
        resources.close();
        check(laws.held(provider) == 0, "closed connections hold " + laws.held(provider));
    }

    void connectionsOfOtherThreadsAreApart(List<byte[]> messages, Random cuts) {
        ExtensionProvider provider = laws.provider();
        ExtensionPair pair = new ExtensionPair(provider, ExtensionPair.BUDGET, cuts);
        ExtensionPair other = new ExtensionPair(provider, ExtensionPair.BUDGET, cuts);
        byte[] another = ExtensionLaws.repeat(new byte[] {3, 1, 4, 1, 5}, 40);
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
        pair.server.checkReceived(messages);
        pair.close();
        other.close();
    }

    void garbageFailsCleanly(List<byte[]> payloads, Random cuts) {
        ExtensionProvider provider = laws.provider();
        ExtensionPair pair = new ExtensionPair(provider, ExtensionPair.BUDGET, cuts);
        try {
            for (byte[] payload : payloads) {
                FirstByte firstByte = FirstByte.of(true, Opcode.BINARY).withRsv(pair.negotiated.rsv());
                pair.server.receive(List.of(new Recorded(firstByte, ByteBuffer.wrap(payload))), cuts);
            }
        } catch (ProtocolException expected) {
            check(expected.closeCode().isSendable(), "a close code that must not be sent");
        }
        pair.close();
        check(laws.held(provider) == 0, "a closed connection holds " + laws.held(provider));
    }

    void nothingIsHeldOnceClosed(byte[] message, Random cuts) {
        ExtensionProvider provider = laws.provider();
        ExtensionPair pair = new ExtensionPair(provider, ExtensionPair.BUDGET, cuts);
        pair.client.send(message, 0, cuts);
        List<Recorded> frames = pair.client.wire.take();
        pair.server.receive(frames.subList(0, cuts.nextInt(frames.size() + 1)), cuts);
        pair.close();
        check(laws.held(provider) == 0, "a closed connection holds " + laws.held(provider));
        pair.negotiated.open(new ExtensionContext(Role.SERVER, 0)).close(); // without a stage
    }

    void sharedFramesAreUnderstoodByAll(List<byte[]> messages, Random cuts) {
        int others = Math.max(messages.size() - 1, 0);
        List<byte[]> before = messages.subList(0, others);
        byte[] message = messages.isEmpty() ? new byte[0] : messages.get(others);
        ExtensionProvider provider = laws.provider();
        ExtensionOffer offer = ExtensionPair.anyOffer(provider, cuts);
        List<ExtensionPair> pairs = List.of(
                new ExtensionPair(provider, ExtensionPair.BUDGET, offer),
                new ExtensionPair(provider, ExtensionPair.BUDGET, offer));
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
                        key.isEmpty()
                                || shared.equals(
                                        ExtensionEnd.encodeSeparately(pair.negotiated, message, ExtensionPair.BUDGET)),
                        "one sharing key, other frames");
            }
            frames.addAll(shared);
            pair.server.sendWhole(message);
            frames.addAll(pair.server.wire.take());
            pair.client.receive(frames, cuts);
            sent.addAll(List.of(message, message));
            pair.client.checkReceived(sent);
            pair.close();
        }
    }

    private static void onAnotherThread(Runnable work) {
        try {
            CompletableFuture.runAsync(work, command -> new Thread(command).start())
                    .join();
        } catch (CompletionException e) {
            throw new AssertionError("another connection failed meanwhile", e.getCause());
        }
    }
}
