package dev.tenon.ws.extension;

import dev.tenon.ws.frame.FirstByte;
import java.nio.ByteBuffer;

/** The extension of README.md, word for word. */
// README begins
public final class Rot13 extends MessageExtensionProvider {
    public Rot13() {
        super(FirstByte.RSV2, ExtensionOffer.of("x-rot13"));
    }

    @Override
    protected MessageCodec open(ExtensionOffer agreed, ExtensionContext context) {
        return new MessageCodec() {
            @Override
            public ByteBuffer encode(ByteBuffer message, SendMode mode) {
                return rotate(message);
            }

            @Override
            public ByteBuffer decode(ByteBuffer message, long maxLength) {
                return rotate(message);
            }
        };
    }

    private static ByteBuffer rotate(ByteBuffer message) {
        ByteBuffer rotated = ByteBuffer.allocate(message.remaining());
        while (message.hasRemaining()) {
            byte b = message.get();
            int a = b >= 'a' && b <= 'z' ? 'a' : 'A';
            boolean letter = b >= a && b <= a + 25;
            rotated.put(letter ? (byte) ((b - a + 13) % 26 + a) : b);
        }
        return rotated.flip();
    }
}
// README ends
