package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.MessageExtension;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ExtensionViolation;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import org.jspecify.annotations.Nullable;

/** The laws of every extension, for one that is made of two methods. */
class MessageExtensionProperties extends ExtensionLaws {
    /** Messages with each byte doubled; those of one byte stay as they are. */
    private record Doubling(ExtensionOffer agreed) implements ExtensionProvider, NegotiatedExtension {
        @Override
        public String name() {
            return agreed.name();
        }

        @Override
        public List<ExtensionOffer> offers() {
            return List.of(agreed);
        }

        @Override
        public NegotiatedExtension answer(ExtensionOffer offer) {
            if (!offer.equals(agreed)) {
                throw new ExtensionException("no parameters, please");
            }
            return this;
        }

        @Override
        public NegotiatedExtension confirm(ExtensionOffer answer) {
            return answer(answer);
        }

        @Override
        public int rsv() {
            return FrameHeader.RSV3;
        }

        @Override
        public boolean fragmentable() {
            return true;
        }

        @Override
        public boolean reframes() {
            return true;
        }

        @Override
        public long maxPayloadLength(long messageLength) {
            return 2 * messageLength;
        }

        @Override
        public Extension open(ExtensionContext context) {
            return new Open(this, context);
        }
    }

    private static final class Open extends MessageExtension {
        Open(NegotiatedExtension negotiated, ExtensionContext context) {
            super(negotiated, context);
        }

        @Override
        protected @Nullable ByteBuffer encode(ByteBuffer message) {
            if (message.remaining() == 1) {
                return null;
            }
            ByteBuffer doubled = ByteBuffer.allocate(2 * message.remaining());
            while (message.hasRemaining()) {
                byte b = message.get();
                doubled.put(b).put(b);
            }
            return doubled.flip();
        }

        @Override
        protected ByteBuffer decode(ByteBuffer message, long maxLength) {
            if (message.remaining() / 2 > maxLength) {
                throw tooLong();
            }
            ByteBuffer plain = ByteBuffer.allocate(message.remaining() / 2);
            while (message.hasRemaining()) {
                byte b = message.get();
                if (!message.hasRemaining() || message.get() != b) {
                    throw ExtensionViolation.of("x-doubled.odd", CloseCode.INVALID_PAYLOAD_DATA, "not doubled")
                            .toException();
                }
                plain.put(b);
            }
            return plain.flip();
        }

        @Override
        public Optional<Object> sharingKey() {
            return Optional.of("doubling");
        }
    }

    private static final Doubling DOUBLING = new Doubling(ExtensionOffer.of("x-double"));
    private static final FrameHeader MARKED = FrameHeader.of(false, Opcode.TEXT).withRsv(FrameHeader.RSV3);

    @Override
    protected ExtensionProvider provider() {
        return DOUBLING;
    }

    private static FrameHandler inbound(long budget) {
        return DOUBLING.open(new ExtensionContext(Role.SERVER, budget)).inbound(new FrameRecorder());
    }

    private static void assertFails(CloseCode code, FrameHandler stage, FrameHeader header, int length) {
        ProtocolException violation =
                assertThrows(ProtocolException.class, () -> stage.onFrame(header, ByteBuffer.allocate(length), true));
        assertEquals(code, violation.closeCode());
    }

    @Example
    void aMessageInsideAMessageFailsWith1002() {
        FrameHandler stage = inbound(100);
        stage.onFrame(MARKED, ByteBuffer.allocate(2), true);
        assertFails(CloseCode.PROTOCOL_ERROR, stage, FrameHeader.of(true, Opcode.TEXT), 2);
    }

    @Example
    void aBitOnAControlFrameFailsWith1002() {
        assertFails(
                CloseCode.PROTOCOL_ERROR,
                inbound(100),
                MARKED.withOpcode(Opcode.PING).withFin(true),
                2);
    }

    @Example
    void whatIsHeldOfAnEncodedMessageIsLimited() {
        FrameHandler stage = inbound(100);
        stage.onFrame(MARKED, ByteBuffer.allocate(150), true);
        assertFails(CloseCode.MESSAGE_TOO_BIG, stage, FrameHeader.of(false, Opcode.CONTINUATION), 51);
    }
}
