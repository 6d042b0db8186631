package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.testkit.BrokenSequence.Defect;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.jspecify.annotations.Nullable;

/**
 * Each broken sequence has exactly one defect, which a connection reports after it has delivered all earlier messages.
 */
class BrokenSequenceProperties {
    @Property
    @StatisticsReport(onFailureOnly = true)
    void everySingleFrameIsValid(@ForAll BrokenSequence broken) {
        FrameRules rules = FrameRules.receivedBy(broken.sender().peer());
        assertEquals(broken.frames(), Frame.decodeAll(new FrameDecoder(rules), broken.bytes()));
        Statistics.collect(broken.defect());
        Statistics.coverage(seen -> {
            for (Defect defect : Defect.values()) {
                seen.check(defect).count(times -> times > 0);
            }
        });
    }

    @Property
    void aConnectionReportsExactlyItsRuleWhereverTheBytesAreCut(
            @ForAll BrokenSequence broken, @ForAll @IntRange(min = 1, max = 50) int chunk) {
        Receiver receiver = new Receiver();
        ScriptedPeer.playing(broken.sender())
                .conditions(WireConditions.GOOD.withChunks(List.of(chunk)))
                .against(receiver)
                .ignore(Opcode.PONG)
                .sendBytes(broken.bytes())
                .expectClose(broken.closeCode().value())
                .end();
        assertEquals(broken.delivered(), receiver.received);
        CloseEvent event = Objects.requireNonNull(receiver.event);
        assertEquals(broken.closeCode(), event.code());
        if (broken.defect() == Defect.MESSAGE_BEHIND_CLOSE) {
            assertTrue(event.wasClean());
        } else {
            ProtocolException cause = assertInstanceOf(ProtocolException.class, event.cause());
            assertEquals(broken.defect().violation(), cause.violation());
        }
    }

    private static final class Receiver implements WebSocketListener {
        final List<Frame> received = new ArrayList<>();

        @Nullable
        CloseEvent event;

        @Override
        public void onText(WebSocket webSocket, String text) {
            received.add(Frame.text(text));
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            received.add(Frame.binary(data));
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            this.event = event;
        }
    }
}
