package dev.tenon.ws.suite;

import java.util.ArrayList;
import java.util.List;

/** What the suite sends. */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
final class SendSteps {
    private SendSteps() {}

    /** Frames as they are, in writes of {@code chop} bytes. */
    record Frames(List<WireFrame> frames, int chop) implements Step {
        @Override
        public void play(Play play) {
            play.send(frames, chop);
        }
    }

    /** Frames as they are, but that the payload is compressed if that has been agreed. */
    record Compressed(WireFrame frame) implements Step {
        @Override
        public void play(Play play) {
            play.send(List.of(frame.rsv(4).payload(play.compress(frame.payload()))), Integer.MAX_VALUE);
        }
    }

    /** Bytes that are no whole frames. */
    record Raw(byte[] bytes, String what) implements Step {
        @Override
        public void play(Play play) {
            play.sendRaw(bytes, what);
        }
    }

    /** A message in frames of at most {@code fragment} bytes, compressed if that has been agreed. */
    record Message(boolean text, byte[] data, int fragment, int chop) implements Step {
        @Override
        public void play(Play play) {
            byte[] payload = play.compresses() ? play.compress(data) : data;
            List<byte[]> pieces = Octets.cut(payload, fragment);
            List<WireFrame> frames = new ArrayList<>();
            for (int i = 0; i < pieces.size(); i++) {
                int opcode = i > 0 ? Opcodes.CONTINUATION : text ? Opcodes.TEXT : Opcodes.BINARY;
                WireFrame frame = WireFrame.of(opcode, pieces.get(i)).rsv(i == 0 && play.compresses() ? 4 : 0);
                frames.add(i == pieces.size() - 1 ? frame : frame.notFinal());
            }
            play.send(frames, chop);
        }
    }

    /** The payload of a frame from one byte to another; the header before it, if it begins at none. */
    record Part(WireFrame frame, int from, int to) implements Step {
        private static final int KEY = 0x5EED1234; // the parts of a frame share one

        @Override
        public void play(Play play) {
            play.sendPart(frame, KEY, from, to);
        }
    }
}
