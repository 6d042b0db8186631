package dev.tenon.ws.frame;

import java.security.SecureRandom;

/**
 * Where a client's masking keys come from, one per frame (RFC 6455 §5.3). A key must be unpredictable to whoever
 * chooses the payload; {@link #secure()} is the one to use, any other is for tests that need known bytes.
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
     * Keys from a stream cipher (AES in counter mode) under a secret from the platform's {@link SecureRandom}, drawn
     * 256 at a time. Not thread-safe; holds 1 KiB and a cipher, so give one to all connections of a thread.
     *
     * @return a new source
     * @throws IllegalStateException if no security provider has the cipher; the JDK's own does
     */
    static MaskingKeys secure() {
        return new BulkMaskingKeys(new SecureRandom());
    }
}
