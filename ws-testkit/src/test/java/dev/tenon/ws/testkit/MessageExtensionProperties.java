package dev.tenon.ws.testkit;

import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.MessageCodec;
import dev.tenon.ws.extension.MessageExtensionProvider;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ExtensionViolation;
import dev.tenon.ws.frame.FirstByte;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The laws of every extension, for one that has a message codec. */
class MessageExtensionProperties extends ExtensionLaws {
    private static final class Doubling extends MessageExtensionProvider {
        private int open;

        Doubling() {
            super(
                    FirstByte.RSV3,
                    ExtensionOffer.of("x-double", ExtensionOffer.Parameter.flag("all")),
                    ExtensionOffer.of("x-double"));
        }

        @Override
        protected MessageCodec open(ExtensionOffer agreed, ExtensionContext context) {
            open++;
            return new DoublingCodec(!agreed.parameters().isEmpty(), () -> open--);
        }

        @Override
        protected long maxEncodedLength(long messageLength) {
            return 2 * messageLength;
        }
    }

    /**
     * Doubles each byte of a message, of all messages or of those with more than one byte; counts the sent messages.
     */
    private record DoublingCodec(boolean all, Runnable onClose) implements MessageCodec {
        @Override
        public @Nullable ByteBuffer encode(ByteBuffer message, SendMode mode) {
            if (mode == SendMode.UNCOMPRESSED || (message.remaining() == 1 && !all)) {
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
        public ByteBuffer decode(ByteBuffer message, long maxLength) {
            if (message.remaining() / 2 > maxLength) {
                throw MessageCodec.tooLong();
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
            return Optional.of(all);
        }

        @Override
        public void close() {
            onClose.run();
        }
    }

    @Override
    protected ExtensionProvider provider() {
        return new Doubling();
    }

    @Override
    protected long held(ExtensionProvider provider) {
        return ((Doubling) provider).open;
    }

    @Override
    protected List<ExtensionOffer> badElements() {
        return List.of(ExtensionOffer.of("x-double", ExtensionOffer.Parameter.flag("some")));
    }
}
