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
     * Keys from the platform's {@link SecureRandom}, drawn 256 at a time. Not thread-safe; holds 1 KiB, so give one to
     * all connections of a thread.
     *
     * @return a new source
     */
    static MaskingKeys secure() {
        return new BulkMaskingKeys(new SecureRandom());
    }
}
