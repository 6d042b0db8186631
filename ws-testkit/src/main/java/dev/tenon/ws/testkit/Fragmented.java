package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;

/** A message, the places where it is split, and the control frames that follow it. */
record Fragmented(Frame message, List<Cut> cuts, List<Frame> after) {
    /** A place, in thousandths of the message's length, and the control frames that follow the fragment before it. */
    record Cut(int thousandths, List<Frame> after) {}

    void addTo(List<Frame> frames) {
        ByteBuffer payload = message.payload();
        long length = payload.remaining();
        FirstByte next = message.firstByte().withFin(false);
        for (Cut cut :
                cuts.stream().sorted(Comparator.comparingInt(Cut::thousandths)).toList()) {
            int end = (int) (cut.thousandths * length / 1000);
            frames.add(new Frame(next, payload.duplicate().limit(end)));
            frames.addAll(cut.after);
            payload.position(end);
            next = FirstByte.of(false, Opcode.CONTINUATION);
        }
        frames.add(new Frame(next.withFin(true), payload));
        frames.addAll(after);
    }
}
