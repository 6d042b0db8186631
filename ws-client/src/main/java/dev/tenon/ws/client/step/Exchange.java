package dev.tenon.ws.client.step;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, without I/O: bytes in, bytes out, no link, no thread, no clock.
 *
 * @param <T> the result
 */
public interface Exchange<T> {
    /** The bytes to send. Called once. */
    ByteBuffer request();

    /**
     * Reads bytes of the response.
     *
     * @param input borrowed until this returns; bytes behind the response are left in it
     * @return the result, or null if the response is not complete
     * @throws IOException if the response is a refusal or malformed
     */
    @Nullable
    T receive(ByteBuffer input) throws IOException;

    /** The failure if the peer ends its direction before the response is complete. */
    default Throwable endOfInput() {
        return new EOFException("the connection was ended by the other side before " + awaitedEvent());
    }

    /** Returns the failure that is already known, see {@link Step#failureSoFar}. */
    default @Nullable Throwable failureSoFar() {
        return null;
    }

    /** Returns the response, as a part of a message: "the response of … to CONNECT". */
    String awaitedEvent();
}
