package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.SelectionKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cancellations and the requests that they cancel complete in any order, and a cancellation may fail. A key is released
 * only when all of them are complete.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CancellationTest extends ScriptedKeyTestBase {
    /** The two kinds of requests that are cancelled. */
    enum Kind {
        RECEIVE(SelectionKey.OP_READ, UserData.RECEIVE, UserData.CANCEL_RECEIVE),
        POLL(SelectionKey.OP_WRITE, UserData.POLL, UserData.CANCEL_POLL);

        final int interest;
        final int request;
        final int cancellation;

        Kind(int interest, int request, int cancellation) {
            this.interest = interest;
            this.request = request;
            this.cancellation = cancellation;
        }
    }

    private void request(Kind kind) {
        key.interestOps(kind.interest);
        update(1);
    }

    /** Updates the key, which must make so many requests. */
    private void update(int expected) {
        key.update(requests);
        assertEquals(expected, takeRequests());
    }

    private void assertCancels(Kind kind) {
        update(1);
        assertEquals(
                UserData.of(key.slot, kind.cancellation), ring.file().requests.get(JAVA_LONG, place(1) + 32));
        assertEquals(UserData.of(key.slot, kind.request), ring.file().requests.get(JAVA_LONG, place(1) + 16));
        update(0);
    }

    private boolean complete(Kind kind, int cancellationResult) {
        return key.onCancelled(kind == Kind.RECEIVE, cancellationResult);
    }

    private void end(Kind kind, int result) {
        if (kind == Kind.RECEIVE) {
            assertFalse(key.input.onReceived(result, 0));
        } else {
            key.onPolled(result);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyWaitsForTheRequestAndForItsCancellation(Kind kind) {
        request(kind);
        key.cancel();
        assertCancels(kind);
        assertFalse(complete(kind, 0));
        assertTrue(key.hasRequests(), "released before the request has ended");
        update(0);
        end(kind, -Errno.ECANCELED);
        assertFalse(key.hasRequests());
        update(0);
    }

    @ParameterizedTest
    @EnumSource
    void aCancellationMayCompleteLast(Kind kind) {
        request(kind);
        key.cancel();
        assertCancels(kind);
        end(kind, -Errno.ECANCELED);
        assertTrue(key.hasRequests(), "released before the cancellation has ended");
        complete(kind, -Errno.ENOENT);
        update(0);
        assertFalse(key.hasRequests());
    }

    /** The kernel was too late, or the request was in a state that it does not cancel. */
    @ParameterizedTest
    @CsvSource({"RECEIVE, -2", "RECEIVE, -114", "POLL, -2", "POLL, -114"})
    void aRequestThatSurvivesItsCancellationIsCancelledAgain(Kind kind, int result) {
        request(kind);
        key.cancel();
        assertCancels(kind);
        assertTrue(complete(kind, result), "no update");
        assertTrue(key.hasRequests());
        assertCancels(kind);
        complete(kind, 0);
        end(kind, -Errno.ECANCELED);
        assertFalse(key.hasRequests());
    }

    /** One cancellation is under way for each pause, and the last one may belong to a request that has ended. */
    @Test
    void aPausedKeyIsResumedAfterItsRequestHasEnded() {
        request(Kind.RECEIVE);
        key.interestOps(0);
        assertCancels(Kind.RECEIVE);
        key.interestOps(SelectionKey.OP_READ);
        update(0);
        end(Kind.RECEIVE, -Errno.ECANCELED);
        update(1);
        complete(Kind.RECEIVE, -Errno.ENOENT);
        update(0);
        assertTrue(key.hasRequests());
    }

    @ParameterizedTest
    @ValueSource(ints = {-Errno.ECANCELED, 4})
    void aPollIsReadyOnlyIfItHasFoundAnEvent(int result) {
        request(Kind.POLL);
        end(Kind.POLL, result);
        assertEquals(result > 0 ? SelectionKey.OP_WRITE : 0, key.takeReady());
        assertEquals(0, key.takeReady());
    }

    /** The kernel has taken a part of the requests only, and the next socket gets the number of a closed descriptor. */
    @ParameterizedTest
    @EnumSource
    void aDescriptorStaysOpenUntilTheKernelHasItsRequest(Kind kind) {
        key.interestOps(kind.interest);
        key.update(requests);
        key.closeDescriptor();
        assertTrue(key.registered().descriptor().isOpen(), "the request is not submitted");
        takeRequests();
        key.closeDescriptor();
        assertFalse(key.registered().descriptor().isOpen());
    }

    /** Requests of other sockets are queued behind it. */
    @Test
    void aDescriptorWaitsForItsOwnRequestsOnly() {
        request(Kind.RECEIVE);
        requests.poll(0, Requests.POLL_IN, UserData.of(0, UserData.IGNORED));
        key.closeDescriptor();
        assertFalse(key.registered().descriptor().isOpen());
        takeRequests();
    }

    /** The event of a poll that was made for an earlier interest is reported for the present one. */
    @Test
    void anInterestThatIsDroppedDuringAPollIsNotReported() {
        request(Kind.POLL);
        key.interestOps(0);
        update(0);
        end(Kind.POLL, Requests.POLL_OUT);
        assertEquals(0, key.takeReady());
        key.interestOps(SelectionKey.OP_WRITE);
        update(1);
        end(Kind.POLL, Requests.POLL_OUT);
        assertEquals(SelectionKey.OP_WRITE, key.takeReady());
    }
}
