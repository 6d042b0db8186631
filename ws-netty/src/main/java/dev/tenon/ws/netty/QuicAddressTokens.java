package dev.tenon.ws.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Validates that a client of QUIC receives packets at the address from which it sends (RFC 9000 §8.1.2). The server
 * responds to the first packet with a token, and continues when the client returns the token. A token is valid only for
 * one address and port, and only for a few seconds.
 *
 * <pre>
 *     token    key id (1) | expiry (8) | HMAC (32) | destination connection id of the first packet (0-20)
 *     HMAC     SHA-256 of key id, expiry, address, port and connection id
 * </pre>
 *
 * <p>The keys exist in this process only. When a key is older than {@link #ROTATION}, a new key replaces it; the old
 * key still verifies the tokens that it has made. For the thread of one UDP socket.
 */
final class QuicAddressTokens implements QuicTokenHandler {
    /** How long a token is valid. This is short, because a client returns the token at once. */
    static final Duration LIFETIME = Duration.ofSeconds(15);

    static final Duration ROTATION = Duration.ofMinutes(10);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_LENGTH = 32;
    private static final int MAC_AT = 1 + Long.BYTES;
    private static final int ID_AT = MAC_AT + MAC_LENGTH;
    private static final int INVALID = -1;

    /** A key and the time from which it makes tokens. */
    private record Key(byte id, Mac mac, long sinceNanos) {}

    private final SecureRandom random;
    private final LongSupplier nanoTime;
    private Key current;
    private @Nullable Key previous;

    QuicAddressTokens() {
        this(new SecureRandom(), System::nanoTime);
    }

    QuicAddressTokens(SecureRandom random, LongSupplier nanoTime) {
        this.random = random;
        this.nanoTime = nanoTime;
        this.current = key((byte) 0);
    }

    private Key key(byte id) {
        byte[] secret = new byte[MAC_LENGTH];
        random.nextBytes(secret);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return new Key(id, mac, nanoTime.getAsLong());
        } catch (GeneralSecurityException e) { // every JDK has this algorithm
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int maxTokenLength() {
        return ID_AT + Quic.MAX_CONN_ID_LEN;
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf connectionId, InetSocketAddress address) {
        long now = nanoTime.getAsLong();
        if (now - current.sinceNanos >= ROTATION.toNanos()) {
            previous = current;
            current = key((byte) (current.id + 1));
        }
        long expiry = now + LIFETIME.toNanos();
        byte[] id = ByteBufUtil.getBytes(connectionId);
        out.writeByte(current.id).writeLong(expiry);
        out.writeBytes(mac(current, expiry, address, id)).writeBytes(id);
        return true;
    }

    /**
     * Returns the offset of the connection id in the token, or -1 if the token is invalid. Netty then drops the
     * client's packet.
     */
    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        int length = token.readableBytes();
        if (length < ID_AT || length > maxTokenLength()) {
            return INVALID;
        }
        int start = token.readerIndex();
        Key key = find(token.getByte(start));
        long expiry = token.getLong(start + 1);
        if (key == null || isOver(expiry)) {
            return INVALID;
        }
        byte[] mac = ByteBufUtil.getBytes(token, start + MAC_AT, MAC_LENGTH);
        byte[] id = ByteBufUtil.getBytes(token, start + ID_AT, length - ID_AT);
        return MessageDigest.isEqual(mac, mac(key, expiry, address, id)) ? ID_AT : INVALID;
    }

    private @Nullable Key find(byte id) {
        if (current.id == id) {
            return current;
        }
        return previous != null && previous.id == id ? previous : null;
    }

    private boolean isOver(long expiry) {
        return expiry - nanoTime.getAsLong() <= 0;
    }

    /**
     * Computes the HMAC. Each part of variable length follows its length, so that two different inputs never give the
     * same bytes.
     */
    private static byte[] mac(Key key, long expiry, InetSocketAddress address, byte[] connectionId) {
        byte[] host = address.getAddress().getAddress();
        ByteBuffer input = ByteBuffer.allocate(1 + Long.BYTES + 1 + host.length + 2 + 1 + connectionId.length);
        input.put(key.id).putLong(expiry);
        input.put((byte) host.length).put(host).putShort((short) address.getPort());
        input.put((byte) connectionId.length).put(connectionId);
        return key.mac.doFinal(input.array());
    }
}
