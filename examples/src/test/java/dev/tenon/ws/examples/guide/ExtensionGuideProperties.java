package dev.tenon.ws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.examples.crc.Crc32cProvider;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.testkit.ExtensionLaws;
import dev.tenon.ws.testkit.MemoryWire;
import dev.tenon.ws.testkit.ScriptedPeer;
import dev.tenon.ws.testkit.WireConditions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Group;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;

/** The guide's first example: your own extension. */
@SuppressWarnings("ClassCanBeStatic") // jqwik wants its groups as inner classes
class ExtensionGuideProperties {
    @Group
    // region laws
    class Crc32cLawsTest extends ExtensionLaws {
        @Override
        protected ExtensionProvider provider() {
            return new Crc32cProvider();
        }
    }

    // endregion

    private static NegotiatedExtension negotiated() {
        Extensions extensions = Extensions.of(new Crc32cProvider());
        return extensions.accept(extensions.offers()).get(0);
    }

    // region wire
    @Property(tries = 50)
    void aTextArrivesHoweverTheWireSplitsIt(
            @ForAll @NotBlank String text, @ForAll @IntRange(min = 1, max = 9) int chunk) {
        List<String> received = new ArrayList<>();
        WebSocketListener server = new WebSocketListener() {
            @Override
            public void onText(WebSocket webSocket, String text) {
                received.add(text);
            }
        };
        WireConditions pieces = WireConditions.GOOD.withChunks(List.of(chunk));
        MemoryWire wire = MemoryWire.between(new WebSocketListener() {}, server)
                .conditions(pieces, pieces)
                .extensions(negotiated())
                .open();
        wire.client().sendText(text);
        wire.run();
        assertEquals(List.of(text), received);
    }
    // endregion

    // region script
    @Example
    void aWrongChecksumFailsTheConnection() {
        FirstByte summed = FirstByte.of(true, Opcode.TEXT).withRsv(FirstByte.RSV2);
        ByteBuffer payload = ByteBuffer.wrap("0000hi".getBytes(StandardCharsets.US_ASCII));
        ScriptedPeer.playing(Role.CLIENT)
                .extensions(negotiated())
                .against(new WebSocketListener() {})
                .send(new Frame(summed, payload))
                .expectClose(1002)
                .expectEnd();
    }
    // endregion
}
