package dev.tenon.ws.examples.zstd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.MessageCodec;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.extension.ThreadResources;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermessageZstdTest {
    private static final String TICKER =
            "{\"type\":\"ticker\",\"product\":\"BTC-EUR\",\"bid\":27430.55,\"ask\":27431.05}";
    private static final int ENOUGH = 1 << 24;

    private final PermessageZstd provider = new PermessageZstd();
    private final ThreadResources thread = new ThreadResources();

    private MessageCodec codec(boolean takeover) {
        return new ZstdCodec(provider, takeover, thread);
    }

    @AfterEach
    void nothingNativeIsLeft() {
        thread.close();
        assertEquals(0, provider.openContexts());
        provider.close();
    }

    private static ByteBuffer encoded(MessageCodec codec, String message) {
        ByteBuffer encoded = codec.encode(UTF_8.encode(message).asReadOnlyBuffer(), SendMode.DEFAULT);
        assertNotNull(encoded, message);
        return copy(encoded);
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }

    private static void assertFails(CloseCode code, MessageCodec codec, ByteBuffer message, long maxLength) {
        ProtocolException failure = assertThrows(ProtocolException.class, () -> codec.decode(message, maxLength));
        assertEquals(code, failure.closeCode(), failure.toString());
    }

    /** Content of the dictionary is not sent, and with takeover a repeated message is almost empty. */
    @Test
    void theDictionaryAndEarlierMessagesShortenMessages() {
        int alone = Zstd.compress(TICKER.getBytes(UTF_8)).length;
        try (MessageCodec apart = codec(false);
                MessageCodec takeover = codec(true)) {
            int withDictionary = encoded(apart, TICKER).remaining();
            assertTrue(withDictionary < alone * 2 / 3, withDictionary + " of " + alone);
            encoded(takeover, TICKER);
            int again = encoded(takeover, TICKER).remaining();
            assertTrue(again < withDictionary * 2 / 3, again + " of " + withDictionary);
        }
    }

    @Test
    void anIncompressibleMessageIsSentAsItIsAndNotReferredTo() {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        try (MessageCodec sender = codec(true);
                MessageCodec receiver = codec(true)) {
            assertEquals(TICKER, decoded(receiver, encoded(sender, TICKER)));
            assertNull(sender.encode(ByteBuffer.wrap(noise), SendMode.DEFAULT));
            assertNull(sender.encode(ByteBuffer.allocate(1000), SendMode.UNCOMPRESSED));
            assertEquals(TICKER, decoded(receiver, encoded(sender, TICKER)));
            assertEquals(TICKER, decoded(receiver, encoded(sender, TICKER)));
        }
    }

    private static String decoded(MessageCodec codec, ByteBuffer message) {
        return UTF_8.decode(codec.decode(message, ENOUGH)).toString();
    }

    /** A few bytes that would inflate to 16 MiB: the stage holds no more than the limit. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBombFailsWith1009(boolean takeover) {
        try (MessageCodec sender = codec(takeover);
                MessageCodec receiver = codec(takeover)) {
            ByteBuffer bomb = sender.encode(ByteBuffer.allocate(ENOUGH), SendMode.DEFAULT);
            assertNotNull(bomb);
            assertTrue(bomb.remaining() < 10_000);
            assertFails(CloseCode.MESSAGE_TOO_BIG, receiver, copy(bomb), 100_000);
        }
    }

    /** Wrong magic, an incomplete frame, a second frame, a window of 256 KiB, a window as large as the content. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "28b52ffd",
                "28b52ffe003801",
                "28b52ffd00380900",
                "28b52ffd0038010000" + "28b52ffd0038010000",
                "28b52ffd0040010000",
                "28b52ffd0039010000",
                "28b52ffd2001010000",
                "28b52ffd003807ffff"
            })
    void malformedDataFailsWith1007(String hex) {
        try (MessageCodec apart = codec(false);
                MessageCodec takeover = codec(true)) {
            assertFails(
                    CloseCode.INVALID_PAYLOAD_DATA,
                    apart,
                    ByteBuffer.wrap(HexFormat.of().parseHex(hex)),
                    1000);
            byte[] bytes = HexFormat.of().parseHex("00" + hex);
            assertFails(CloseCode.INVALID_PAYLOAD_DATA, takeover, ByteBuffer.wrap(bytes), 1000);
        }
    }

    /** With takeover a frame never ends, so no second one can begin after the checked one. */
    @Test
    void aFrameThatEndsFailsWith1007WhereOneGoesOn() {
        try (MessageCodec takeover = codec(true)) {
            byte[] bytes = HexFormat.of().parseHex("0128b52ffd0038010000");
            assertFails(CloseCode.INVALID_PAYLOAD_DATA, takeover, ByteBuffer.wrap(bytes), 1000);
        }
    }

    /** RFC 8878 by hand: an empty last block, and a raw block with "hi". */
    @Test
    void aFrameByHandIsDecoded() {
        try (MessageCodec apart = codec(false)) {
            assertEquals("", decoded(apart, ByteBuffer.wrap(HexFormat.of().parseHex("28b52ffd0038010000"))));
            assertEquals("hi", decoded(apart, ByteBuffer.wrap(HexFormat.of().parseHex("28b52ffd00381100006869"))));
        }
    }

    @Test
    void otherDictionariesAreOtherAgreements() {
        try (PermessageZstd other = new PermessageZstd("another dictionary".getBytes(UTF_8), true)) {
            assertEquals(List.of(), Extensions.of(other).accept(provider.offers()));
        }
    }

    /** An end without takeover declines offers with it and accepts those without. */
    @Test
    void takeoverIsUsedIfBothEndsHaveIt() {
        try (PermessageZstd first = new PermessageZstd("one dictionary".getBytes(UTF_8), true);
                PermessageZstd second = new PermessageZstd("one dictionary".getBytes(UTF_8), false)) {
            ExtensionOffer agreed =
                    Extensions.of(second).accept(first.offers()).get(0).agreed();
            assertEquals(first.offers().get(1), agreed);
        }
    }

    @Test
    void itIsFoundAsAServiceAndYieldsToDeflate() {
        List<ExtensionOffer> offers = Extensions.load().offers();
        assertTrue(offers.containsAll(provider.offers()), offers.toString());
        List<String> agreed = Extensions.load().accept(offers).stream()
                .map(each -> each.agreed().name())
                .toList();
        assertTrue(agreed.contains("permessage-deflate"), agreed.toString());
        assertTrue(!agreed.contains("x-permessage-zstd"), agreed.toString());
    }
}
