package dev.tenon.ws.deflate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first of several faults is reported, wherever the bytes are cut. */
class FaultOrderTest {
    private static final FirstByte COMPRESSED = FirstByte.of(true, Opcode.TEXT).withRsv(FirstByte.RSV1);

    private final Output output = new Output();
    private final CodecPool pool = new CodecPool(3, 2);

    private Inflation inflation(long limit) {
        return new Inflation(output, pool, limit, null, MemoryMode.POOLED);
    }

    /** Records its input, and is ready as long as the test says. */
    private static final class Output implements FrameHandler {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean stopsAfterEach;
        boolean ready = true;

        @Override
        public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
            while (payload.hasRemaining()) {
                bytes.write(payload.get());
            }
            ready = !stopsAfterEach;
        }

        @Override
        public boolean isReady() {
            return ready;
        }
    }

    /** Each payload begins with a block that contains Hello, and is invalid after it. */
    @ParameterizedTest
    @CsvSource({
        "100, '', 07, Hello, not valid DEFLATE",
        "100, '', f248cdc9, HelloHel, not valid DEFLATE",
        "3, '', 07, Hel, longer than this end accepts",
        "5, '', 07, Hello, not valid DEFLATE",
        "8, f248cdc9c907000000ffff, 07, HelloHel, longer than this end accepts",
        "100, 000000ffff, 00, Hello, longer than one of the longest accepted",
        "100, 0300, 00, Hello, too many final blocks",
    })
    void outputBeforeAFaultIsPassedOnFirst(long limit, String repeated, String last, String before, String fault) {
        int times = repeated.length() == 4 ? 1100 : 200;
        long room = repeated.length() == 4 ? 10_000 : limit;
        byte[] payload = HexFormat.of().parseHex("f248cdc9c907000000ffff" + repeated.repeat(times) + last);
        for (int chunk : new int[] {payload.length, 1, 7}) {
            output.bytes.reset();
            Inflation stage = inflation(room);
            ProtocolException thrown = assertThrows(ProtocolException.class, () -> feed(stage, payload, chunk));
            String message = String.valueOf(thrown.getMessage());
            assertEquals(fault, message.contains(fault) ? fault : message, "in pieces of " + chunk);
            assertEquals(before, output.bytes.toString(US_ASCII), "in pieces of " + chunk);
            stage.close();
        }
    }

    private static void feed(Inflation stage, byte[] payload, int chunk) {
        for (int at = 0; at < payload.length; at += chunk) {
            int length = Math.min(chunk, payload.length - at);
            stage.onFrame(COMPRESSED, ByteBuffer.wrap(payload, at, length), at + length == payload.length);
        }
    }

    @Test
    void aMessageWithinAnotherIsTheFaultOfItsHeader() {
        Inflation stage = inflation(100);
        stage.onFrame(FirstByte.of(false, Opcode.TEXT), ByteBuffer.wrap(new byte[1]), true);
        ByteBuffer invalid = ByteBuffer.wrap(new byte[] {7});
        ProtocolException thrown =
                assertThrows(ProtocolException.class, () -> stage.onFrame(COMPRESSED, invalid, true));
        assertEquals(MessageViolation.MESSAGE_WITHIN_MESSAGE, thrown.violation());
        stage.close();
    }

    @Test
    void bytesBeyondTheLimitFailOnlyWhenThoseBeforeThemAreInflated() {
        byte[] zeros = new byte[40_000];
        Deflater deflater = new Deflater(6, true);
        deflater.setInput(zeros);
        byte[] payload = new byte[60_000];
        int length = deflater.deflate(payload, 0, payload.length, Deflater.SYNC_FLUSH);
        deflater.end();
        for (int at = length; at + 5 <= payload.length; at += 5) { // empty blocks
            payload[at + 3] = -1;
            payload[at + 4] = -1;
        }
        output.stopsAfterEach = true;
        Inflation stage = inflation(zeros.length);
        stage.onFrame(COMPRESSED, ByteBuffer.wrap(payload), true);
        assertFalse(stage.isReady());
        ProtocolException thrown = assertThrows(ProtocolException.class, () -> {
            for (int turn = 0; turn < 10; turn++) {
                output.ready = true;
                stage.resume();
            }
        });
        assertEquals("the compressed message is longer than one of the longest accepted", thrown.getMessage());
        assertEquals(zeros.length, output.bytes.size());
        stage.close();
    }
}
