package dev.tenon.ws.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ClosePayloadProperties {

    @Property
    void decodingInvertsEncoding(@ForAll @IntRange(min = 3000, max = 4999) int code, @ForAll String reason) {
        Assume.that(UTF_8.newEncoder().canEncode(reason));
        ClosePayload payload = ClosePayload.cutToFit(new CloseCode(code), reason);
        assertEquals(payload, ClosePayload.decode(payload.encode()));
        assertTrue(payload.encode().remaining() <= 125);
        assertTrue(reason.startsWith(payload.reason()));
    }

    /** The reason is cut as late as possible: the next code point would not fit. */
    @Property
    void aCutReasonIsAsLongAsPossible(@ForAll @Size(max = 200) String reason) {
        Assume.that(UTF_8.newEncoder().canEncode(reason));
        String cut = ClosePayload.cutToFit(CloseCode.NORMAL_CLOSURE, reason).reason();
        if (cut.length() < reason.length()) {
            int next = reason.codePointAt(cut.length());
            int bytes = (cut + Character.toString(next)).getBytes(UTF_8).length;
            assertTrue(bytes > ClosePayload.MAX_REASON_BYTES);
        } else {
            assertEquals(reason, cut);
        }
    }

    @Property
    void nothingButAViolationLeavesTheDecoderAndAllIsUsedUp(@ForAll @Size(max = 130) byte[] bytes) {
        ByteBuffer payload = ByteBuffer.wrap(bytes);
        try {
            ClosePayload decoded = ClosePayload.decode(payload);
            assertEquals(ByteBuffer.wrap(bytes), decoded.encode());
        } catch (ProtocolException e) {
            assertTrue(e.closeCode().value() == 1002 || e.closeCode().value() == 1007);
        }
        assertFalse(payload.hasRemaining());
    }

    @Property
    void reasonsAreUtf8OrElse1007(@ForAll @Size(max = 8) byte[] reason) {
        ByteBuffer payload = ByteBuffer.allocate(2 + reason.length)
                .putShort((short) 1000)
                .put(reason)
                .flip();
        boolean wellFormed =
                ByteBuffer.wrap(new String(reason, UTF_8).getBytes(UTF_8)).equals(ByteBuffer.wrap(reason));
        int code = 0;
        try {
            assertEquals(new String(reason, UTF_8), ClosePayload.decode(payload).reason());
        } catch (ProtocolException e) {
            code = e.closeCode().value();
        }
        assertEquals(wellFormed ? 0 : 1007, code);
    }
}
