package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that break a rule are refused with a message that names it, and have no effect. */
class MisuseTest {

    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "a\uDC00", "\uDC00\uD800", "??\uD83D", "é?\uD83Dé", "aaaaaaaaaaaaaaaaaa\uDFFFb"})
    void aLoneSurrogateHasNoUtf8(String text) {
        Rig rig = Rig.open(Role.SERVER);
        assertThrows(IllegalArgumentException.class, () -> rig.webSocket.sendText(text));
        assertThrows(IllegalArgumentException.class, () -> PreparedMessage.text(text));
        assertThrows(IllegalArgumentException.class, () -> rig.webSocket.close(CloseCode.NORMAL_CLOSURE, text));
        rig.assertSent();
        assertEquals(ReadyState.OPEN, rig.webSocket.readyState());
    }

    @ParameterizedTest
    @ValueSource(strings = {"?", "what??", "é?", "😀?😀", "aaaaaaaaaaaaaaaa?", ""})
    void aQuestionMarkAloneIsNoQuery(String text) {
        Rig rig = Rig.open(Role.SERVER);
        rig.webSocket.sendText(text);
        rig.assertSent(("FIN TEXT " + text).strip());
    }

    @Test
    void aControlFrameHoldsNoMoreThan125Bytes() {
        Rig rig = Rig.open(Role.CLIENT);
        assertThrows(IllegalArgumentException.class, () -> rig.webSocket.sendPing(ByteBuffer.allocate(126)));
        assertThrows(IllegalArgumentException.class, () -> rig.webSocket.sendPong(ByteBuffer.allocate(126)));
        rig.assertSent();
        rig.webSocket.sendPing(ByteBuffer.allocate(125));
        rig.assertSent("FIN PING" + Bytes.show(false, new byte[125]));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1006, 1015, 1016, 2999, 5000})
    void someCodesMustNotBeSent(int code) {
        Rig rig = Rig.open(Role.CLIENT);
        assertThrows(IllegalArgumentException.class, () -> rig.webSocket.close(new CloseCode(code), ""));
        assertEquals(ReadyState.OPEN, rig.webSocket.readyState());
    }

    @Test
    void demandIsPositive() {
        Rig rig = Rig.open(Role.CLIENT);
        assertThrows(IllegalArgumentException.class, () -> rig.webSocket.request(0));
        assertThrows(IllegalArgumentException.class, () -> rig.webSocket.request(-1));
    }

    @Test
    void optionsHaveRanges() {
        ConnectionOptions good = ConnectionOptions.DEFAULT;
        assertThrows(IllegalArgumentException.class, () -> good.withMaxMessageLength(-1));
        assertThrows(
                IllegalArgumentException.class,
                () -> good.withMaxMessageLength(ConnectionOptions.MAX_MESSAGE_LENGTH + 1));
        assertThrows(IllegalArgumentException.class, () -> good.withWriteTimeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> good.withMessageTimeout(Duration.ZERO, Duration.ofNanos(1)));
        assertThrows(IllegalArgumentException.class, () -> good.withMessageTimeout(Duration.ofNanos(1), Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> good.withIdleTimeout(Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class, () -> good.withOutbound(2, 1));
        assertThrows(IllegalArgumentException.class, () -> good.withOutbound(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> good.withControlFrames(0, 1));
        assertThrows(IllegalArgumentException.class, () -> good.withControlFrames(1, 0));
        assertThrows(IllegalArgumentException.class, () -> good.withCloseTimeout(Duration.ZERO));
        assertThrows(
                IllegalArgumentException.class, () -> good.withKeepalive(Duration.ofNanos(-1), Duration.ofNanos(1)));
        assertThrows(IllegalArgumentException.class, () -> good.withKeepalive(Duration.ZERO, Duration.ZERO));
    }

    @ParameterizedTest
    @EnumSource
    void afterTheCloseSendsAreIgnoredAndDoNotThrow(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.sendPiece(MessageType.TEXT, Bytes.buffer("61"), false);
        rig.webSocket.close();
        rig.assertSent("TEXT a", "FIN CLOSE 03e8");
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.text("no")));
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.binary(Bytes.buffer("00"))));
        assertEquals(
                SendResult.REFUSED, rig.webSocket.trySend(Message.piece(MessageType.TEXT, Bytes.buffer("62"), true)));
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(PreparedMessage.text("no")));
        assertEquals(SendResult.REFUSED, rig.webSocket.sendPing(Bytes.buffer("")));
        assertEquals(SendResult.REFUSED, rig.webSocket.sendPong(Bytes.buffer("")));
        rig.webSocket.close();
        rig.ends();
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.text("no")));
        rig.webSocket.close();
        rig.webSocket.abort();
        rig.assertSent("<finish>");
    }

    @Test
    void toStringContainsNoQuery() {
        String url = "wss://example.com/feed?access_token=secret";
        assertEquals("/feed?…", RequestInfo.of(url).toString());
        assertEquals("/feed", RequestInfo.of("wss://example.com/feed").toString());
        assertEquals(
                "Upgrade[wss://example.com/feed?…, extensions=[]]",
                new Upgrade(url, "bearer.secret", List.of()).toString());
    }
}
