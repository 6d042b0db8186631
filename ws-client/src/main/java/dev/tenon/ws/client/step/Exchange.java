package dev.tenon.ws.client.step;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response over a link, sans-IO: bytes in, bytes out, no link, no thread, no clock.
 *
 * @param <T> what the response says
 */
public interface Exchange<T> {
    /** The bytes to send. Asked once. */
    ByteBuffer request();

    /**
     * Takes bytes of the response.
     *
     * @param input borrowed until this returns; what belongs to whatever follows the response is left in it
     * @return what the response says, or null if it is not complete
     * @throws IOException if the response is a refusal or malformed
     */
    @Nullable
    T receive(ByteBuffer input) throws IOException;

    /** The failure if the peer ends its side here. */
    default Throwable endOfInput() {
        return new EOFException("the connection was ended by the other side, instead of " + waitsFor());
    }

    /** The failure that is certain already: see {@link Step#failureSoFar}. */
    default @Nullable Throwable failureSoFar() {
        return null;
    }

    /** The response, as a part of a message: "the response of … to CONNECT". */
    String waitsFor();
}
