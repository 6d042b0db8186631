package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.handshake.HttpResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer whose handshake is refused, and that does not read the refusal. */
@ExtendWith(Leaks.class)
class RefusedStreamTest {
    private final Window window = new Window();

    private EmbeddedChannel channel(Carrier carrier) {
        EmbeddedChannel channel = new EmbeddedChannel(window, carrier);
        channel.freezeTime();
        return channel;
    }

    private static Stream<Carrier> carriers() {
        return Stream.of(new Http1Carrier(), new Http2Carrier());
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void itsChannelEndsAfterAWhile(Carrier carrier) {
        EmbeddedChannel channel = channel(carrier);
        carrier.refuse(HttpResponse.text(404, "no"));
        channel.advanceTimeBy(29, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertTrue(channel.isOpen());
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertFalse(channel.isOpen());
        channel.finishAndReleaseAll();
    }

    @Test
    void itsBytesAreDroppedAndReturnedToTheWindow() {
        Http2Carrier carrier = new Http2Carrier();
        EmbeddedChannel channel = channel(carrier);
        channel.writeInbound(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[2000])));
        assertFalse(window.written().toString().contains("WindowUpdate"));
        carrier.refuse(HttpResponse.text(404, "no"));
        assertTrue(window.written().toString().contains("windowUpdateIncrement=2000"), () -> "" + window.written());
        ByteBuf later = Unpooled.wrappedBuffer(new byte[3000]);
        channel.writeInbound(new DefaultHttp2DataFrame(later));
        assertEquals(0, later.refCnt());
        assertTrue(window.written().toString().contains("windowUpdateIncrement=3000"), () -> "" + window.written());
        channel.finishAndReleaseAll();
    }
}
