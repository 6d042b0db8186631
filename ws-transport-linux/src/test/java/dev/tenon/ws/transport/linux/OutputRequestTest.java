package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Completions of sends that the kernel produces seldom: short ones, interrupted ones, and those whose time is over. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutputRequestTest extends ScriptedKeyTestBase {
    private static final int LENGTH = 1000;

    private final byte[] bytes = new byte[LENGTH];

    private void writeAndSubmit() throws IOException {
        for (int i = 0; i < LENGTH; i++) {
            bytes[i] = (byte) (i * 7 + i / 256);
        }
        assertEquals(LENGTH, key.output.write(ByteBuffer.wrap(bytes)));
        key.output.submit(requests);
        assertEquals(1, takeRequests());
    }

    /** Completes the first request with a result, and then makes the request for the rest. */
    private void complete(int result) {
        key.output.onShort(result);
        key.output.onSubmitted();
        updateRest();
    }

    private void updateRest() {
        key.output.update(requests);
        assertEquals(2, takeRequests(), "a send and its timeout");
    }

    /** Checks that the last request but one sends the bytes from an index on. */
    private void assertSendsFrom(int index) {
        int length = ring.file().requests.get(JAVA_INT, place(2) + 24);
        long address = ring.file().requests.get(JAVA_LONG, place(2) + 16);
        assertEquals(LENGTH - index, length);
        @SuppressWarnings("restricted") // the memory of the rest, which the key still has
        byte[] sent = MemorySegment.ofAddress(address).reinterpret(length).toArray(JAVA_BYTE);
        assertArrayEquals(Arrays.copyOfRange(bytes, index, LENGTH), sent);
        assertTrue(key.output.isBusy());
        assertFalse(key.output.isReady(), "accepts bytes that would overtake the rest");
    }

    private void assertSendsNothing() {
        key.output.update(requests);
        assertEquals(0, takeRequests());
        assertFalse(key.output.isBusy());
        assertTrue(key.output.isReady());
    }

    @Test
    void eachShortSendIsFollowedByTheRest() throws IOException {
        writeAndSubmit();
        complete(300);
        assertSendsFrom(300);
        key.output.onRestSent(200);
        updateRest();
        assertSendsFrom(500);
        key.output.onRestSent(499);
        updateRest();
        assertSendsFrom(999);
        key.output.onRestSent(1);
        assertSendsNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -Errno.EAGAIN, -Errno.EINTR})
    void aSendOfNothingIsRepeated(int result) throws IOException {
        writeAndSubmit();
        complete(result);
        assertSendsFrom(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -Errno.ECANCELED, -Errno.EINTR})
    void aRestWhoseTimeIsOverIsSentAgain(int result) throws IOException {
        writeAndSubmit();
        complete(300);
        key.output.onRestSent(result);
        updateRest();
        assertSendsFrom(300);
    }

    @Test
    void theRestIsRequestedOnce() throws IOException {
        writeAndSubmit();
        complete(300);
        key.output.update(requests);
        assertEquals(0, takeRequests());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFailureIsThrownByTheNextWriteAndNothingWaits(boolean ofRest) throws IOException {
        writeAndSubmit();
        if (ofRest) {
            complete(300);
            key.output.onRestSent(-Errno.EPIPE);
        } else {
            key.output.onShort(-Errno.EPIPE);
            key.output.onSubmitted();
        }
        assertSendsNothing();
        assertThrows(IOException.class, () -> key.output.write(ByteBuffer.allocate(1)));
        assertThrows(IOException.class, () -> key.output.write(ByteBuffer.allocate(2 * OutputRequest.MOST_QUEUED)));
    }

    /** The rest of a closed channel is not sent a second time, because its descriptor may belong to another socket. */
    @Test
    void ofAClosedDescriptorNothingMoreIsRequested() throws IOException {
        writeAndSubmit();
        complete(300);
        assertTrue(key.output.close(), "the kernel has the rest");
        pair.channel().close();
        assertFalse(key.registered().descriptor().isOpen());
        key.output.onRestSent(200);
        assertSendsNothing();
    }

    /** A selector is closed while the kernel has the request: nobody knows how many bytes it has sent. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesThatTheKernelMayHaveSentAreNotSentAgain(boolean ofRest) throws IOException {
        writeAndSubmit();
        if (ofRest) {
            complete(300);
        }
        assertFalse(key.output.sendWithoutRing());
        assertEquals(0, pair.peer().getInputStream().available());
    }

    @Test
    void bytesWithoutARequestAreSentWithoutTheRing() throws IOException {
        assertEquals(2, key.output.write(ByteBuffer.wrap(new byte[] {1, 2})));
        assertTrue(key.output.sendWithoutRing());
        assertArrayEquals(new byte[] {1, 2}, pair.peer().getInputStream().readNBytes(2));
        assertFalse(key.output.isBusy());
    }

    /** While the kernel has not taken the request, it names the descriptor. */
    @Test
    void aDescriptorStaysOpenUntilItsRequestIsTaken() throws IOException {
        writeAndSubmit();
        assertFalse(key.output.close());
        key.output.onSubmitted();
        assertTrue(key.output.close());
    }

    @Test
    void aDescriptorStaysOpenUntilTheRequestForItsRestIsTaken() throws IOException {
        writeAndSubmit();
        key.output.onShort(300);
        key.output.onSubmitted();
        key.update(requests);
        key.closeDescriptor();
        assertTrue(key.registered().descriptor().isOpen());
        assertEquals(2, takeRequests());
        key.closeDescriptor();
        assertFalse(key.registered().descriptor().isOpen());
    }

    /** The kernel has taken the request late, and the direction ends behind its bytes. */
    @Test
    void anEndThatWaitsForARequestFollowsItsBytes() throws IOException {
        writeAndSubmit();
        key.output.end();
        key.update(requests);
        assertTrue(key.output.isBusy());
        key.isChanged = false;
        key.output.onSubmitted();
        assertTrue(key.isChanged, "the end is forgotten");
        key.update(requests);
        assertEquals(-1, pair.peer().getInputStream().read());
    }
}
