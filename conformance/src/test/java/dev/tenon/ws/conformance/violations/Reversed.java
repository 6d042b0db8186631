package dev.tenon.ws.conformance.violations;

import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.MessageCodec;
import dev.tenon.ws.extension.MessageExtensionProvider;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An extension that reverses whole messages, and marks them with RSV1. */
final class Reversed extends MessageExtensionProvider {
    Reversed() {
        super(FirstByte.RSV1, ExtensionOffer.of("x-reversed"));
    }

    @Override
    protected MessageCodec open(ExtensionOffer agreed, ExtensionContext context) {
        return new MessageCodec() {
            @Override
            public @Nullable ByteBuffer encode(ByteBuffer message, SendMode mode) {
                return null;
            }

            @Override
            public ByteBuffer decode(ByteBuffer message, long maxLength) {
                ByteBuffer reversed = ByteBuffer.allocate(message.remaining());
                for (int i = message.limit() - 1; i >= message.position(); i--) {
                    reversed.put(message.get(i));
                }
                return reversed.flip();
            }
        };
    }
}
