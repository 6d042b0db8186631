package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Completions of receive requests, one by one. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InputRequestTest extends ScriptedKeyTestBase {
    private static final int CONTINUES = Ring.MORE | Ring.BUFFER | Ring.BUFFER_MORE;
    private static final byte OP_POLL_ADD = 6;
    private static final byte OP_RECV = 27;
    /** More receives of much than it takes to change the kind of the request. */
    private static final int OFTEN = 10;

    @BeforeEach
    void receive() {
        key.interestOps(SelectionKey.OP_READ);
        assertRequests(OP_RECV);
    }

    private void assertRequests(byte operation) {
        key.update(requests);
        assertEquals(1, takeRequests());
        assertEquals(operation, ring.file().requests.get(JAVA_BYTE, place(1)));
    }

    private void assertRequestsNothing() {
        key.update(requests);
        assertEquals(0, takeRequests());
    }

    private int read(int most) throws IOException {
        return key.input.read(ByteBuffer.allocate(most));
    }

    @Test
    void anEndIsNoData() throws IOException {
        assertFalse(key.input.onReceived(0, 0));
        assertTrue(key.input.isReady());
        assertEquals(-1, read(10));
        assertEquals(-1, read(10));
        assertRequestsNothing();
    }

    @Test
    void theEndComesAfterTheBytes() throws IOException {
        assertFalse(key.input.onReceived(10, CONTINUES));
        assertFalse(key.input.onReceived(0, 0));
        assertEquals(6, read(6));
        assertEquals(4, read(6));
        assertEquals(-1, read(6));
    }

    @Test
    void aFailureComesAfterTheBytesAndStays() throws IOException {
        assertFalse(key.input.onReceived(10, CONTINUES));
        assertFalse(key.input.onReceived(-Errno.ECONNRESET, 0));
        assertEquals(10, read(16));
        assertThrows(IOException.class, () -> read(16));
        assertThrows(IOException.class, () -> read(16));
        assertRequestsNothing();
    }

    @Test
    void aRequestThatContinuesIsNotMadeAgain() throws IOException {
        assertFalse(key.input.onReceived(10, CONTINUES));
        assertFalse(key.input.isIdle());
        assertEquals(10, read(16));
        assertRequestsNothing();
    }

    /** Neither is a result of the socket: the request is made again. */
    @ParameterizedTest
    @ValueSource(ints = {-Errno.ENOBUFS, -Errno.ECANCELED})
    void aRequestThatEndedForAnotherReasonIsMadeAgain(int result) throws IOException {
        assertEquals(result == -Errno.ENOBUFS, key.input.onReceived(result, 0));
        assertFalse(key.input.isReady());
        assertEquals(0, read(16));
        assertRequests(OP_RECV);
    }

    /** Some versions of the kernel do not mark that they keep the buffer of a request that has received nothing. */
    @ParameterizedTest
    @ValueSource(ints = {0, -Errno.ECANCELED})
    void aBufferIsNotGivenBackByARequestThatHasReceivedNothing(int result) throws IOException {
        assertFalse(key.input.onReceived(10, CONTINUES));
        assertEquals(10, read(16));
        assertFalse(key.input.onReceived(result, Ring.BUFFER));
        assertEquals(10, keys.buffers().received(0, 5, true), "the place of the next bytes");
    }

    @Test
    void onlyAPollThatFindsInputIsReady() throws IOException {
        for (int i = 0; i < OFTEN; i++) {
            assertFalse(key.input.onReceived(1024, CONTINUES));
        }
        assertTrue(key.input.mustChange());
        key.update(requests);
        assertEquals(1, takeRequests(), "a cancellation");
        assertFalse(key.input.onReceived(-Errno.ECANCELED, 0));
        assertRequestsNothing(); // until the received bytes are read
        assertEquals(OFTEN * 1024, read(OFTEN * 1024));
        key.input.onSocketRead(0, true);
        assertRequests(OP_POLL_ADD);
        assertFalse(key.input.onReceived(-Errno.ECANCELED, 0));
        assertFalse(key.input.isReady());
        assertRequests(OP_POLL_ADD);
        assertFalse(key.input.onReceived(Requests.POLL_IN, 0));
        assertTrue(key.input.isReady());
        assertEquals(0, read(16)); // the caller reads the socket
        key.input.onSocketRead(16, false);
        assertTrue(key.input.isReady(), "the socket may have more");
        key.input.onSocketRead(-1, true);
        assertEquals(-1, read(16));
    }
}
