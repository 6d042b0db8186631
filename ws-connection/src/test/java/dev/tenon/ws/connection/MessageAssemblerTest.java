package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The assembler alone, without a connection. */
class MessageAssemblerTest {
    private static final String FRAGMENTED = "0102 6162 8900 8001 63 8201 ff";

    private static List<String> events(String hex, boolean streams, int chunk) {
        List<String> events = new ArrayList<>();
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onMessage(MessageType type, ByteBuffer payload, boolean last) {
                events.add(type + " " + shown(payload) + (last ? "" : "..."));
            }

            @Override
            public void onControl(Opcode opcode, ByteBuffer payload) {
                events.add(opcode + " " + shown(payload));
            }
        };
        MessageAssembler assembler =
                streams ? MessageAssembler.streaming(handler, 4) : MessageAssembler.joining(handler, 4);
        FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(Role.CLIENT));
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        for (int at = 0; at < bytes.length; at += chunk) {
            ByteBuffer input = ByteBuffer.wrap(bytes, at, Math.min(chunk, bytes.length - at));
            while (decoder.decode(input, assembler)) {
                // one piece per call
            }
        }
        return events;
    }

    private static String shown(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static MessageViolation broken(String hex, boolean streams) {
        return (MessageViolation) assertThrows(ProtocolException.class, () -> events(hex, streams, 100))
                .violation();
    }

    @Test
    void messagesAreJoinedAndControlFramesComeBetweenTheirFragments() {
        List<String> expected = List.of("PING ", "TEXT 616263", "BINARY ff");
        assertEquals(expected, events(FRAGMENTED, false, 100));
        assertEquals(expected, events(FRAGMENTED, false, 1));
    }

    @Test
    void aStreamPassesOnReceivedBytes() {
        assertEquals(List.of("TEXT 6162...", "PING ", "TEXT 63", "BINARY ff"), events(FRAGMENTED, true, 100));
        assertEquals(List.of("TEXT 61...", "TEXT 62...", "PING ", "TEXT 63", "BINARY ff"), events(FRAGMENTED, true, 1));
    }

    @Test
    void textIsCheckedHowEverItCame() {
        for (boolean streams : new boolean[] {false, true}) {
            assertEquals(MessageViolation.TEXT_NOT_UTF_8, broken("8101 ff", streams));
            assertEquals(MessageViolation.TEXT_NOT_UTF_8, broken("8101 c3", streams), "cut inside a code point");
            assertEquals(MessageViolation.TEXT_NOT_UTF_8, broken("0100 8001 ff", streams));
            assertEquals(MessageViolation.TEXT_NOT_UTF_8, broken("0101 c3 8001 41", streams));
            assertEquals(MessageViolation.MESSAGE_TOO_LONG, broken("0104 61626364 8001 65", streams));
            assertEquals(MessageViolation.MESSAGE_TOO_LONG, broken("8205 0000000000", streams));
        }
    }

    @Test
    void theHandlerDecidesWhetherMoreMayCome() {
        MessageHandler full = new MessageHandler() {
            @Override
            public void onMessage(MessageType type, ByteBuffer payload, boolean last) {}

            @Override
            public void onControl(Opcode opcode, ByteBuffer payload) {}

            @Override
            public boolean hasRoom(int joined) {
                return joined < 2;
            }
        };
        MessageAssembler assembler = MessageAssembler.joining(full, 100);
        FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(Role.CLIENT));
        assertTrue(assembler.isReady());
        assertTrue(decoder.decode(ByteBuffer.wrap(new byte[] {2, 2, 0, 0}), assembler));
        assertFalse(assembler.isReady(), "two bytes are held");
        assertThrows(IllegalArgumentException.class, () -> MessageAssembler.streaming(full, -1));
    }
}
