package dev.tenon.ws.frame;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Masking keys from the key stream of AES in counter mode, under a secret from the given generator. The peer sees every
 * masking key, so earlier keys must not help to predict later ones. A cipher allocates nothing; the JDK's random
 * generators do.
 */
final class BulkMaskingKeys implements MaskingKeys {
    private static final int BLOCK = 16;
    private static final byte[] ZEROS = new byte[1024];

    private final Cipher stream;
    private final byte[] keys = new byte[ZEROS.length];
    private final ByteBuffer drawn = ByteBuffer.wrap(keys).limit(0);

    BulkMaskingKeys(SecureRandom random) {
        byte[] secret = new byte[2 * BLOCK];
        random.nextBytes(secret);
        try {
            stream = Cipher.getInstance("AES/CTR/NoPadding");
            stream.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(secret, 0, BLOCK, "AES"),
                    new IvParameterSpec(secret, BLOCK, BLOCK));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("masking keys need AES/CTR/NoPadding, which no security provider has", e);
        }
    }

    @Override
    public int next() {
        if (!drawn.hasRemaining()) {
            draw();
        }
        return drawn.getInt();
    }

    private void draw() {
        try {
            stream.update(ZEROS, 0, ZEROS.length, keys, 0);
        } catch (ShortBufferException e) {
            throw new AssertionError("a stream cipher gives as many bytes as it takes", e);
        }
        drawn.clear();
    }
}
