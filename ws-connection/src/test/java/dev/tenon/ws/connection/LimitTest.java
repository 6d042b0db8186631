package dev.tenon.ws.connection;

import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each inbound limit, at the limit and beyond it, with its close code. */
class LimitTest {
    private static final ConnectionOptions TEN_BYTES = ConnectionOptions.DEFAULT.withMaxMessageLength(10);

    @ParameterizedTest
    @EnumSource
    void aMessageMayBeAsLongAsTheLimit(Role role) {
        Rig rig = Rig.of(role).options(TEN_BYTES).open();
        rig.receive(
                rig.text("0123456789"),
                rig.frame(false, Opcode.TEXT, Bytes.utf8("012345678")),
                rig.frame(true, Opcode.CONTINUATION, Bytes.utf8("9")),
                rig.text("0123456789"));
        rig.assertEvents("text 0123456789", "text 0123456789", "text 0123456789");
    }

    @ParameterizedTest
    @EnumSource
    void aLongerFrameIsRefusedOnItsHeader(Role role) {
        Rig rig = Rig.of(role).options(TEN_BYTES).open();
        byte[] frame = rig.text("0123456789a");
        rig.receive(new byte[] {frame[0], frame[1]});
        rig.failsWith(1009);
    }

    @ParameterizedTest
    @EnumSource
    void aDeclaredLengthThatOverflowsTheSumIsRefused(Role role) {
        Rig rig = Rig.of(role).options(TEN_BYTES).open();
        rig.receive(rig.frame(false, Opcode.BINARY, new byte[9]));
        int masked = role == Role.SERVER ? 0x80 : 0;
        rig.receive(ByteBuffer.allocate(10)
                .put((byte) 0x80)
                .put((byte) (masked | 127))
                .putLong(Long.MAX_VALUE)
                .array());
        rig.failsWith(1009);
    }

    @ParameterizedTest
    @EnumSource
    void aLongerMessageIsRefusedAtTheFirstByteTooMany(Role role) {
        for (RecordingListener listener :
                new RecordingListener[] {new RecordingListener(), new RecordingListener.Streaming()}) {
            Rig rig = Rig.of(role).options(TEN_BYTES).listener(listener).open();
            rig.receive(rig.frame(false, Opcode.BINARY, new byte[9]));
            byte[] next = rig.frame(false, Opcode.CONTINUATION, new byte[5]);
            rig.receive(Arrays.copyOf(next, next.length - 4));
            rig.assertSent();
            rig.receive(new byte[1]);
            rig.failsWith(1009);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aViolationWithinTheLimitIsReportedBeforeTheLimit(Role role) {
        for (RecordingListener listener :
                new RecordingListener[] {new RecordingListener(), new RecordingListener.Streaming()}) {
            Rig rig = Rig.of(role).options(TEN_BYTES).listener(listener).open();
            byte[] invalid = {'8', (byte) 0xFF, 'a', 'b'};
            rig.receive(
                    rig.frame(false, Opcode.TEXT, Bytes.utf8("01234567")),
                    rig.frame(true, Opcode.CONTINUATION, invalid));
            rig.failsWith(1007);
        }
    }

    @ParameterizedTest
    @EnumSource
    void controlFramesDoNotCountAsMessage(Role role) {
        Rig rig = Rig.of(role).options(TEN_BYTES).open();
        rig.receive(rig.frame(false, Opcode.TEXT, new byte[10]), rig.frame(true, Opcode.PING, new byte[125]));
        rig.receive(rig.frame(true, Opcode.CONTINUATION, new byte[0]));
        rig.wire.takeWritten();
        rig.receive(rig.text("next"));
        rig.assertSent();
    }

    @ParameterizedTest
    @EnumSource
    void fragmentsWithContentAreBoundedByTheLengthOfTheMessageOnly(Role role) {
        ConnectionOptions options = ConnectionOptions.DEFAULT.withMaxMessageLength(4 << 20);
        Rig rig = Rig.of(role).options(options).open();
        byte[] payload = new byte[64];
        rig.receive(rig.frame(false, Opcode.BINARY, payload));
        byte[] continuation = rig.frame(false, Opcode.CONTINUATION, payload);
        for (int i = 1; i < 65_536; i++) {
            rig.receive(continuation);
        }
        rig.receive(rig.frame(true, Opcode.CONTINUATION, new byte[0]));
        rig.assertEvents("binary <4194304 bytes>");
        rig.assertSent();
    }

    @ParameterizedTest
    @EnumSource
    void emptyFragmentsWithinAMessageComeOutOfTheBucket(Role role) {
        ConnectionOptions three = ConnectionOptions.DEFAULT.withControlFrames(3, 1);
        Rig rig = Rig.of(role).options(three).open();
        emptyFragmentsComeOutOfTheBucket(rig);
    }

    @ParameterizedTest
    @EnumSource
    void anExtensionThatPassesThemOnCountsThemOnce(Role role) {
        ConnectionOptions three = ConnectionOptions.DEFAULT.withControlFrames(3, 1);
        Rig rig = Rig.of(role)
                .options(three)
                .extensions(new FakeExtension("x", 0))
                .open();
        emptyFragmentsComeOutOfTheBucket(rig);
    }

    private static void emptyFragmentsComeOutOfTheBucket(Rig rig) {
        for (int message = 0; message < 5; message++) { // the first and the last fragment of a message do not count
            rig.receive(
                    rig.frame(false, Opcode.TEXT, new byte[0]),
                    rig.frame(false, Opcode.CONTINUATION, Bytes.utf8("b")),
                    rig.frame(true, Opcode.CONTINUATION, new byte[0]));
            rig.assertEvents("text b");
        }
        rig.receive(rig.frame(false, Opcode.TEXT, Bytes.utf8("a")));
        for (int i = 0; i < 3; i++) {
            rig.receive(rig.frame(false, Opcode.CONTINUATION, new byte[0]));
        }
        rig.assertSent();
        rig.receive(rig.frame(false, Opcode.CONTINUATION, new byte[0]));
        rig.assertEvents();
        rig.failsWith(1008);
    }

    /** An extension may hold empty fragments back, or may make them of others. */
    @ParameterizedTest
    @EnumSource
    void emptyFragmentsInFrontOfAnExtensionAndBehindItCount(Role role) {
        FakeExtension.Stage swallows = (firstByte, payload, end, next) -> {};
        FakeExtension.Stage empties =
                (firstByte, payload, end, next) -> next.onFrame(firstByte, payload.position(payload.limit()), end);
        for (boolean inFront : new boolean[] {true, false}) {
            FakeExtension extension = new FakeExtension("x", 0);
            extension.inbound = inFront ? swallows : empties;
            Rig rig = Rig.of(role)
                    .options(ConnectionOptions.DEFAULT.withControlFrames(3, 1))
                    .extensions(extension)
                    .open();
            byte[] content = new byte[inFront ? 0 : 1];
            rig.receive(rig.frame(false, Opcode.BINARY, content));
            for (int i = 0; i < 3; i++) {
                rig.receive(rig.frame(false, Opcode.CONTINUATION, content));
            }
            rig.assertSent();
            rig.receive(rig.frame(false, Opcode.CONTINUATION, content));
            rig.failsWith(1008);
        }
    }
}
