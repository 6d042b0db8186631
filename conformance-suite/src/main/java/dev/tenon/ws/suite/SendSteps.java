package dev.tenon.ws.suite;

import java.util.ArrayList;
import java.util.List;

/** The steps of a case that send. */
@SuppressWarnings("ArrayRecordComponent") // no record of this type is compared with another
final class SendSteps {
    private SendSteps() {}

    /** Frames, in writes of {@code chunkLength} bytes. */
    record Frames(List<WireFrame> frames, int chunkLength) implements Step {
        @Override
        public void play(CaseRun run) {
            run.send(frames, chunkLength);
        }
    }

    /** A frame whose payload is compressed if negotiated. */
    record Compressed(WireFrame frame) implements Step {
        @Override
        public void play(CaseRun run) {
            run.send(List.of(frame.rsv(4).payload(run.compress(frame.payload()))), Integer.MAX_VALUE);
        }
    }

    /** Bytes that are not complete frames. */
    record Raw(byte[] bytes, String what) implements Step {
        @Override
        public void play(CaseRun run) {
            run.sendRaw(bytes, what);
        }
    }

    /** A message in frames of at most {@code fragment} bytes, compressed if negotiated. */
    record Message(boolean text, byte[] data, int fragment, int chunkLength) implements Step {
        @Override
        public void play(CaseRun run) {
            byte[] payload = run.compresses() ? run.compress(data) : data;
            List<byte[]> pieces = Octets.cut(payload, fragment);
            List<WireFrame> frames = new ArrayList<>();
            for (int i = 0; i < pieces.size(); i++) {
                int opcode = i > 0 ? Opcodes.CONTINUATION : text ? Opcodes.TEXT : Opcodes.BINARY;
                WireFrame frame = WireFrame.of(opcode, pieces.get(i)).rsv(i == 0 && run.compresses() ? 4 : 0);
                frames.add(i == pieces.size() - 1 ? frame : frame.notFinal());
            }
            run.send(frames, chunkLength);
        }
    }

    /** A part of a frame's payload; with the header if it begins at 0. */
    record Part(WireFrame frame, int from, int to) implements Step {
        private static final int KEY = 0x5EED1234; // the parts of a frame share one key

        @Override
        public void play(CaseRun run) {
            run.sendPart(frame, KEY, from, to);
        }
    }
}
