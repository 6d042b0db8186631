package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tokens that prove a client's address, and invalid ones (RFC 9000 §8.1). */
class QuicAddressTokensTest {
    private static final InetSocketAddress CLIENT = address("192.0.2.7", 4433);
    private static final String CONNECTION_ID = "8394c8f03e515708";

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // a clock that overflows
    private final QuicAddressTokens tokens = new QuicAddressTokens(new SecureRandom(), now::get);

    private static InetSocketAddress address(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private ByteBuf token(InetSocketAddress client) {
        ByteBuf token = Unpooled.buffer(tokens.maxTokenLength(), tokens.maxTokenLength());
        assertTrue(tokens.writeToken(token, Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(CONNECTION_ID)), client));
        return token;
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aTokenReturnedInTimeContainsTheConnectionIdOfTheFirstPacket() {
        ByteBuf token = token(CLIENT);
        pass(QuicAddressTokens.LIFETIME.minusNanos(1));
        int offset = tokens.validateToken(token, CLIENT);
        assertEquals(CONNECTION_ID, ByteBufUtil.hexDump(token, offset, token.readableBytes() - offset));
    }

    @Test
    void theLongestConnectionIdHasRoom() {
        ByteBuf token = Unpooled.buffer(tokens.maxTokenLength(), tokens.maxTokenLength());
        assertTrue(tokens.writeToken(token, Unpooled.wrappedBuffer(new byte[20]), address("2001:db8::1", 1)));
        assertNotEquals(-1, tokens.validateToken(token, address("2001:db8::1", 1)));
    }

    @Test
    void anExpiredTokenIsNoProof() {
        ByteBuf token = token(CLIENT);
        pass(QuicAddressTokens.LIFETIME);
        assertEquals(-1, tokens.validateToken(token, CLIENT));
    }

    @Test
    void aTokenOfAnotherAddressOrPortIsNoProof() {
        ByteBuf token = token(CLIENT);
        assertEquals(-1, tokens.validateToken(token, address("192.0.2.8", 4433)));
        assertEquals(-1, tokens.validateToken(token, address("192.0.2.7", 4434)));
        assertEquals(-1, tokens.validateToken(token, address("::c000:207", 4433)));
    }

    @Test
    void aTokenWithAnyBitChangedIsNoProof() {
        ByteBuf token = token(CLIENT);
        for (int bit = 0; bit < 8 * token.readableBytes(); bit++) {
            ByteBuf changed = token.copy();
            changed.setByte(bit / 8, changed.getByte(bit / 8) ^ 1 << bit % 8);
            int tampered = bit;
            assertEquals(-1, tokens.validateToken(changed, CLIENT), () -> "bit " + tampered);
        }
    }

    @Test
    void aTokenCutOrLengthenedIsNoProof() {
        ByteBuf token = token(CLIENT);
        for (int length = 0; length < token.readableBytes(); length++) {
            assertEquals(-1, tokens.validateToken(token.slice(0, length), CLIENT));
        }
        assertEquals(
                -1, tokens.validateToken(Unpooled.copiedBuffer(token, Unpooled.wrappedBuffer(new byte[1])), CLIENT));
        assertEquals(-1, tokens.validateToken(Unpooled.wrappedBuffer(new byte[1200]), CLIENT));
    }

    @Test
    void aTokenOfAnotherServerIsNoProof() {
        QuicAddressTokens another = new QuicAddressTokens(new SecureRandom(), now::get);
        assertEquals(-1, another.validateToken(token(CLIENT), CLIENT));
    }

    @Test
    void aTokenOutlivesTheRotationOfItsKey() {
        pass(QuicAddressTokens.ROTATION.minusNanos(1));
        ByteBuf old = token(CLIENT);
        pass(Duration.ofNanos(1));
        ByteBuf fresh = token(CLIENT);
        assertNotEquals(old.getByte(0), fresh.getByte(0), "the key");
        assertNotEquals(-1, tokens.validateToken(old, CLIENT));
        assertNotEquals(-1, tokens.validateToken(fresh, CLIENT));
    }

    @Test
    void tokensOfTwoClientsDiffer() {
        assertNotEquals(ByteBufUtil.hexDump(token(CLIENT)), ByteBufUtil.hexDump(token(address("192.0.2.7", 4434))));
    }
}
