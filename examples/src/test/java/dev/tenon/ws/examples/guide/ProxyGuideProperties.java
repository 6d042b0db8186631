package dev.tenon.ws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.MaskingKeys;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.testkit.BrokenFrame;
import dev.tenon.ws.testkit.FrameSequence;
import dev.tenon.ws.testkit.PayloadSize;
import dev.tenon.ws.testkit.SentBy;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The guide's second example: your own proxy. */
class ProxyGuideProperties {
    // region proxy
    /** Forwards the frames of a client with its own masking keys. */
    static final class Proxy {
        private final FrameDecoder decoder =
                new FrameDecoder(FrameRules.receivedBy(Role.SERVER).withMaxPayloadLength(1000));
        private final FrameEncoder encoder = FrameEncoder.masking(MaskingKeys.secure());
        private final FrameHandler frames;

        Proxy(Consumer<ByteBuffer> server) {
            frames = Frame.joining(decoder, frame -> server.accept(frame.encode(encoder)));
        }

        void receive(ByteBuffer fromClient) {
            while (decoder.decode(fromClient, frames)) {
                // one piece per call
            }
        }
    }

    // endregion

    // region properties
    @Property(tries = 200)
    void theServerReceivesTheFramesOfTheClient(
            @ForAll @SentBy(Role.CLIENT) @PayloadSize(max = 1000) FrameSequence sent,
            @ForAll @IntRange(min = 1, max = 100) int chunk) {
        ByteArrayOutputStream passedOn = new ByteArrayOutputStream();
        Proxy proxy = new Proxy(bytes -> passedOn.write(bytes.array(), bytes.arrayOffset(), bytes.limit()));
        ByteBuffer bytes = sent.bytes();
        while (bytes.hasRemaining()) {
            ByteBuffer piece = bytes.slice(bytes.position(), Math.min(chunk, bytes.remaining()));
            bytes.position(bytes.position() + piece.remaining());
            proxy.receive(piece);
        }
        FrameDecoder server = new FrameDecoder(FrameRules.receivedBy(Role.SERVER));
        assertEquals(sent.frames(), Frame.decodeAll(server, ByteBuffer.wrap(passedOn.toByteArray())));
    }

    @Property(tries = 200)
    void brokenFramesAreNotForwarded(@ForAll @SentBy(Role.CLIENT) BrokenFrame broken) {
        Proxy proxy = new Proxy(bytes -> {
            throw new AssertionError("passed on");
        });
        ProtocolException refusal = assertThrows(ProtocolException.class, () -> proxy.receive(broken.bytes()));
        assertEquals(broken.closeCode(), refusal.closeCode());
    }
    // endregion
}
