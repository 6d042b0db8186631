package dev.tenon.ws.frame;

import java.security.SecureRandom;

/**
 * The source of a client's masking keys, one per frame (RFC 6455 §5.3). The author of the payload must not be able to
 * predict a key: use {@link #secure()}, and other sources only in tests that need known bytes.
 */
@FunctionalInterface
public interface MaskingKeys {
    /**
     * The next key.
     *
     * @return four bytes, the first on the wire in the top eight bits
     */
    int next();

    /**
     * Returns keys from a stream cipher (AES in counter mode) under a secret from the platform's {@link SecureRandom},
     * generated 256 at a time. Not thread-safe. It holds 1 KiB and a cipher, so all connections of a thread should
     * share one.
     *
     * @return a new source
     * @throws IllegalStateException if no security provider has the cipher; the JDK's own provider has it
     */
    static MaskingKeys secure() {
        return new BulkMaskingKeys(new SecureRandom());
    }
}
