package dev.tenon.ws.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** Compressed messages are shown as text, also where they refer to those before (RFC 7692 §7.1.1). */
class MessageTextTest {
    private static final int TEXT = 0xC1; // FIN, RSV1, opcode 1
    private static final String LONG = "the same words again and again, the same words again and again";

    private final Deflater deflater = new Deflater(9, true);
    private final MessageText texts = new MessageText();

    private byte[] compressed(String text) {
        byte[] output = new byte[1024];
        deflater.setInput(text.getBytes(UTF_8));
        int length = deflater.deflate(output, 0, output.length, Deflater.SYNC_FLUSH);
        return Arrays.copyOf(output, length - 4); // RFC 7692 §7.2.1
    }

    private static SeenFrame frame(int first, byte[] payload, int length) {
        return new SeenFrame(new Frame(FirstByte.of(first), ByteBuffer.wrap(payload)), false, 0, length);
    }

    private String take(byte[] payload) {
        return String.valueOf(texts.add(frame(TEXT, payload, payload.length)));
    }

    @Test
    void aMessageThatRefersToTheOneBeforeIsShown() {
        byte[] first = compressed(LONG);
        byte[] second = compressed(LONG);
        assertEquals(LONG, take(first));
        assertEquals(LONG, take(second), "it is " + second.length + " bytes long, of " + first.length);
    }

    @Test
    void behindAMessageThatWasNotSeenWholeOnlyWhatRefersToNoneIsShown() {
        byte[] first = compressed(LONG);
        byte[] second = compressed(LONG);
        assertNull(texts.add(frame(TEXT, Arrays.copyOf(first, 3), first.length)));
        assertEquals("null", take(second));
        deflater.reset();
        assertEquals(LONG, take(compressed(LONG)));
    }

    @Test
    void fragmentsAreOneMessageAndControlFramesAreNoneOfIt() {
        byte[] all = compressed(LONG);
        byte[] begin = Arrays.copyOf(all, 10);
        byte[] end = Arrays.copyOfRange(all, 10, all.length);
        assertNull(texts.add(frame(0x41, begin, begin.length)));
        assertNull(texts.add(frame(0x89, new byte[0], 0)));
        assertEquals(LONG, texts.add(frame(0x80, end, end.length)));
    }
}
