package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.MaskingKeys;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

class TenonCodecProperties extends CodecLaws {
    private final MaskingKeys keys = MaskingKeys.secure();

    @Override
    protected Consumer<ByteBuffer> decoder(Role receiver, int maxPayload, Consumer<Frame> frames) {
        FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(receiver).withMaxPayloadLength(maxPayload));
        FrameHandler joining = Frame.joining(decoder, frames);
        return input -> {
            while (decoder.decode(input, joining)) {
                // one piece per call
            }
        };
    }

    @Override
    protected ByteBuffer encode(Frame frame, Role sender) {
        return frame.encode(sender == Role.CLIENT ? FrameEncoder.masking(keys) : FrameEncoder.unmasked());
    }

    @Override
    protected @Nullable CloseCode closeCode(RuntimeException thrown) {
        return thrown instanceof ProtocolException violation ? violation.closeCode() : null;
    }
}
