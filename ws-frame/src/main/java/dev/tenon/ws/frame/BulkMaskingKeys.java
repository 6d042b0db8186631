package dev.tenon.ws.frame;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Draws keys in bulk: one call into the generator costs about as much for a kilobyte as for four bytes. */
final class BulkMaskingKeys implements MaskingKeys {
    private final SecureRandom random;
    private final ByteBuffer drawn = ByteBuffer.allocate(1024).limit(0);

    BulkMaskingKeys(SecureRandom random) {
        this.random = random;
    }

    @Override
    public int next() {
        if (!drawn.hasRemaining()) {
            random.nextBytes(drawn.array());
            drawn.clear();
        }
        return drawn.getInt();
    }
}
