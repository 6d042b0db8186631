package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.testkit.MemoryWire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Messages to many connections with different negotiated parameters. */
class PreparedMessageProperties {
    private static final DeflateOptions ALL =
            DeflateOptions.defaults().withTakeover(true, true).withMinimumSize(20);

    /** The parameters that a server and its clients may agree on. */
    private record Agreement(String name, Extensions extensions) {
        Agreement(String name, DeflateOptions options) {
            this(name, Extensions.of(new PermessageDeflate(options)));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Agreement> AGREEMENTS = List.of(
            new Agreement("nothing", Extensions.none()),
            new Agreement("wide", ALL),
            new Agreement("wide, without takeover", ALL.withTakeover(false, false)),
            new Agreement("narrow", ALL.withWindowBits(9, 9)),
            new Agreement("narrow, without takeover", ALL.withWindowBits(9, 9).withTakeover(false, false)),
            new Agreement("dedicated", ALL.withMemory(MemoryMode.DEDICATED)),
            new Agreement(
                    "dedicated, narrow", ALL.withMemory(MemoryMode.DEDICATED).withWindowBits(9, 9)));

    /** A message to all connections, or to one. */
    private record Send(boolean toAll, int to, boolean text, int size, int seed) {
        byte[] content() {
            return Payloads.text(size, new Random(seed));
        }
    }

    private static String ascii(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void everyPeerReceivesExactlyTheSentMessagesAndEachKeyIsEncodedOnce(
            @ForAll("agreements") List<Agreement> agreements, @ForAll("sends") List<Send> sends) {
        AtomicInteger runs = new AtomicInteger();
        List<Pair> pairs = agreements.stream().map(one -> new Pair(one, runs)).toList();
        Set<Object> keys = new HashSet<>();
        pairs.forEach(pair -> keys.addAll(pair.keys));
        for (Send send : sends) {
            runs.set(0);
            if (send.toAll) {
                PreparedMessage message = send.text
                        ? PreparedMessage.text(ascii(send.content()))
                        : PreparedMessage.binary(ByteBuffer.wrap(send.content()));
                pairs.forEach(pair -> pair.sendPrepared(message, send));
                assertEquals(keys.size(), runs.get(), "runs");
            } else {
                pairs.get(send.to % pairs.size()).send(send);
            }
        }
        pairs.forEach(Pair::check);
    }

    private static final class Pair implements WebSocketListener {
        final Set<Object> keys = new HashSet<>();
        private final MemoryWire wire;
        private final List<String> sent = new ArrayList<>();
        private final List<String> received = new ArrayList<>();

        Pair(Agreement agreement, AtomicInteger runs) {
            MemoryWire.Builder builder = MemoryWire.between(this, new WebSocketListener() {});
            Extensions extensions = agreement.extensions;
            List<NegotiatedExtension> response = extensions.accept(extensions.offers());
            List<NegotiatedExtension> confirmed = extensions.confirm(
                    response.stream().map(NegotiatedExtension::agreed).toList());
            List<NegotiatedExtension> counting = response.stream()
                    .<NegotiatedExtension>map(one -> new Counting(one, runs, keys))
                    .toList();
            wire = builder.extensions(confirmed, counting).open();
        }

        void sendPrepared(PreparedMessage message, Send send) {
            accept(wire.server().trySend(message), send);
        }

        void send(Send send) {
            byte[] content = send.content();
            Message message = send.text ? Message.text(ascii(content)) : Message.binary(ByteBuffer.wrap(content));
            accept(wire.server().trySend(message), send);
        }

        private void accept(SendResult result, Send send) {
            assertTrue(result != SendResult.REFUSED);
            sent.add(ascii(send.content()));
            wire.run();
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            received.add(text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            received.add(ascii(bytes));
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            received.add(event.toString());
        }

        void check() {
            assertEquals(sent, received);
        }
    }

    /** Counts the messages in the outbound stages of all connections. */
    private record Counting(NegotiatedExtension real, AtomicInteger runs, Set<Object> keys)
            implements NegotiatedExtension {
        @Override
        public ExtensionOffer agreed() {
            return real.agreed();
        }

        @Override
        public int rsv() {
            return real.rsv();
        }

        @Override
        public Extension open(ExtensionContext context) {
            return new Counted(real.open(context), runs, keys);
        }
    }

    private record Counted(Extension real, AtomicInteger runs, Set<Object> keys) implements Extension {
        Counted {
            keys.add(real.sharingKey().orElseThrow());
        }

        @Override
        public FrameHandler inbound(FrameHandler next) {
            return real.inbound(next);
        }

        @Override
        public OutboundHandler outbound(OutboundHandler next) {
            OutboundHandler stage = real.outbound(next);
            return (firstByte, payload, endOfFrame, mode) -> {
                runs.incrementAndGet();
                stage.onFrame(firstByte, payload, endOfFrame, mode);
            };
        }

        @Override
        public Optional<Object> sharingKey() {
            return real.sharingKey();
        }

        @Override
        public void forgetOutbound() {
            real.forgetOutbound();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    @Provide
    Arbitrary<List<Agreement>> agreements() {
        return Arbitraries.of(AGREEMENTS).list().ofMinSize(1).ofMaxSize(10);
    }

    @Provide
    Arbitrary<List<Send>> sends() {
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.of(true, false),
                        Arbitraries.of(0, 1, 19, 20, 63, 200, 700, 3000, 40_000),
                        Arbitraries.integers()
                                .between(0, 3)) // repeats the same content, so that a reference to it is shorter
                .as(Send::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }
}
