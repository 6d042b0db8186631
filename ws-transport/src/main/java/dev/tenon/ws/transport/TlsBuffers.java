package dev.tenon.ws.transport;

import java.nio.ByteBuffer;

/** The buffers that all TLS links of one loop share: for what comes out of TLS, and for what goes onto the wire. */
final class TlsBuffers {
    private static final int SIZE = 64 * 1024;

    final ByteBuffer plain = ByteBuffer.allocateDirect(SIZE);
    final ByteBuffer wire = ByteBuffer.allocateDirect(SIZE);
}
