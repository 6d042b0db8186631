package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.FrameRecorder.check;

import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.testkit.FrameRecorder.Recorded;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/** The checks of the laws about the frames of one connection. */
final class ExtensionStreamChecks {
    private final ExtensionLaws laws;

    ExtensionStreamChecks(ExtensionLaws laws) {
        this.laws = laws;
    }

    void eachEndReceivesTheOthersMessages(List<byte[]> messages, Role sender, Random cuts) {
        ExtensionPair pair = new ExtensionPair(laws.provider(), ExtensionPair.BUDGET, cuts);
        for (byte[] message : messages) {
            pair.end(sender).send(message, 0, cuts);
            List<Recorded> frames = pair.end(sender).wire.take();
            long longest = pair.negotiated.maxPayloadLength(message.length);
            check(
                    frames.stream()
                            .filter(frame -> !frame.firstByte().opcode().isControl())
                            .allMatch(frame -> frame.length() <= longest),
                    "a frame of more than " + longest + " bytes for a message of " + message.length);
            pair.end(sender.peer()).receive(frames, cuts);
        }
        ExtensionEnd receiver = pair.end(sender.peer());
        receiver.checkReceived(messages);
        List<Recorded> pings = receiver.received.frames().stream()
                .filter(frame -> frame.firstByte().opcode().isControl())
                .toList();
        check(pings.equals(pair.end(sender).pings), "control frames were lost, added or changed");
        pair.close();
    }

    void aStoppedStageContinues(List<byte[]> messages, Random cuts) {
        ExtensionPair pair = new ExtensionPair(laws.provider(), ExtensionPair.BUDGET, cuts);
        for (byte[] message : messages) {
            pair.client.send(message, 0, cuts);
            pair.server.receiveHaltingly(pair.client.wire.take(), cuts);
        }
        pair.server.checkReceived(messages);
        List<Recorded> pings = pair.server.received.frames().stream()
                .filter(frame -> frame.firstByte().opcode().isControl())
                .toList();
        check(pings.equals(pair.client.pings), "control frames were lost, added or changed");
        pair.close();
    }

    void noRsvBitIsAcceptedOnAContinuation(List<byte[]> messages, Random cuts) {
        ExtensionPair pair = new ExtensionPair(laws.provider(), ExtensionPair.BUDGET, cuts);
        int owned = pair.negotiated.rsv();
        if (pair.negotiated.fragmentable() && owned != 0) {
            byte[] message = messages.isEmpty() ? new byte[200] : messages.get(messages.size() - 1);
            pair.client.sendWhole(message);
            Recorded frame = pair.client.wire.take().get(0);
            pair.server.receive(List.of(new Recorded(frame.firstByte().withFin(false), frame.payload())), cuts);
            FirstByte marked = FirstByte.of(true, Opcode.CONTINUATION).withRsv(owned);
            try {
                pair.server.receive(List.of(new Recorded(marked, ByteBuffer.allocate(0))), cuts);
            } catch (ProtocolException expected) {
                pair.close();
                return;
            }
            throw new AssertionError("RSV bits on a continuation were taken");
        }
        pair.close();
    }

    void onlyOwnedBitsAndOpcodesAreTouched(List<byte[]> messages, int foreign, Random cuts) {
        ExtensionPair pair = new ExtensionPair(laws.provider(), ExtensionPair.BUDGET, cuts);
        int owned = pair.negotiated.rsv();
        int others = foreign & ~owned;
        for (byte[] message : messages) {
            pair.server.send(message, others, cuts);
            List<Recorded> frames = pair.server.wire.take();
            checkOwnership(pair.negotiated, frames, others);
            pair.client.receive(frames, cuts);
        }
        for (Recorded message : pair.client.received.messages()) {
            int expected = message.firstByte().opcode().isControl() ? 0 : others;
            check(message.firstByte().rsv() == expected, "inbound left or lost RSV bits: " + message.firstByte());
            check(!message.firstByte().opcode().isReserved(), "inbound left " + message.firstByte());
        }
        for (Recorded frame : pair.client.received.frames()) {
            check(
                    frame.firstByte().opcode() != Opcode.CONTINUATION
                            || frame.firstByte().rsv() == 0,
                    "inbound left or made RSV bits: " + frame.firstByte());
        }
        pair.close();
    }

    void theOutputBudgetIsKept(byte[] pattern, int times, int budget, Random cuts) {
        ExtensionPair pair = new ExtensionPair(laws.provider(), budget, cuts);
        byte[] message = ExtensionLaws.repeat(pattern, times);
        pair.client.send(message, 0, cuts);
        List<Recorded> frames = pair.client.wire.take();
        try {
            pair.server.receive(frames, cuts);
            pair.server.checkReceived(List.of(message));
        } catch (ProtocolException e) {
            check(e.closeCode().value() == 1009, "failed with " + e.closeCode() + " instead of 1009");
            check(message.length > budget, "a message of " + message.length + " failed within " + budget);
        }
        long wire = frames.stream().mapToLong(Recorded::length).sum();
        check(
                pair.server.received.dataLength() <= Math.max(budget, wire),
                pair.server.received.dataLength() + " bytes handed on, with a budget of " + budget);
        pair.close();
    }

    private static void checkOwnership(NegotiatedExtension negotiated, List<Recorded> frames, int others) {
        boolean first = true;
        for (Recorded frame : frames) {
            Opcode opcode = frame.firstByte().opcode();
            int unowned = frame.firstByte().rsv() & ~negotiated.rsv();
            if (!opcode.isControl() && !opcode.isReserved() && first) {
                check(unowned == others, "RSV bits of others: " + others + " became " + unowned);
                first = false;
            } else {
                check(unowned == 0, "RSV bits that were not set: " + frame.firstByte());
            }
            check(
                    !opcode.isReserved() || negotiated.opcodes().contains(opcode),
                    "an opcode that the extension does not own: " + opcode);
        }
    }
}
