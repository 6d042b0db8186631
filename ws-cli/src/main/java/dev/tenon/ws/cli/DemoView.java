package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HttpVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The connection on which a page watches its echo connection. Its commands make the server send on the echo connection:
 * {@code ping}, {@code fragments TEXT}, {@code close CODE REASON}. It runs on the demo's event loop, except for sending
 * to the page.
 */
final class DemoView implements WebSocketListener {
    private final Executor sender;
    private final Runnable onEnd;
    private volatile @Nullable WebSocket page;
    private @Nullable DemoEcho echo;
    private long skipped;

    /**
     * A view without a connection yet.
     *
     * @param sender a thread that sends events, because taps must not send
     * @param onEnd runs at the end of the view
     */
    DemoView(Executor sender, Runnable onEnd) {
        this.sender = sender;
        this.onEnd = onEnd;
    }

    /** The echo connection has been opened, or another one instead of it; the page shows what carries it. */
    void attach(DemoEcho echo, HttpVersion carrier) {
        this.echo = echo;
        show(new Json().put("type", "carrier").put("text", carrier.toString()).toString());
    }

    /** Sends an event to the page, unless the page is too slow. */
    void show(String event) {
        sender.execute(() -> send(event));
    }

    private void send(String event) {
        WebSocket page = this.page;
        if (page == null) {
            return;
        }
        if (skipped > 0) {
            String note =
                    new Json().put("type", "skipped").put("count", skipped).toString();
            if (page.trySend(Message.text(note)) == SendResult.REFUSED) {
                skipped++;
                return;
            }
            skipped = 0;
        }
        if (page.trySend(Message.text(event)) == SendResult.REFUSED) {
            skipped++;
        }
    }

    private void note(String text) {
        show(new Json().put("type", "note").put("text", text).toString());
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        page = webSocket;
        show(new Json().put("type", "ready").toString());
    }

    @Override
    public void onText(WebSocket webSocket, String command) {
        WebSocket peer = echo == null ? null : echo.open();
        if (peer == null) {
            note("The echo connection is not open.");
            return;
        }
        String[] words = command.split(" ", 3);
        try {
            switch (words[0]) {
                case "ping" -> peer.sendPing(bytes("are you there?"));
                case "fragments" ->
                    fragments(peer, command.substring(words[0].length()).strip());
                case "close" -> peer.close(new CloseCode(Integer.parseInt(words[1])), words.length < 3 ? "" : words[2]);
                default -> note("The server does not know how to " + words[0] + ".");
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            note("The server cannot do that: " + e.getMessage());
        }
    }

    /** Sends three fragments with a ping between them, as RFC 6455 §5.4 allows. */
    private void fragments(WebSocket peer, String text) {
        if (echo == null || echo.isInMessage()) {
            note("The server is in the middle of another message: wait until it has ended.");
            return;
        }
        byte[] all = (text.isEmpty() ? "one message, three fragments" : text).getBytes(StandardCharsets.UTF_8);
        int third = (all.length + 2) / 3;
        int two = Math.min(2 * third, all.length);
        peer.sendPiece(MessageType.TEXT, piece(all, 0, Math.min(third, all.length)), false);
        peer.sendPing(bytes("between"));
        peer.sendPiece(MessageType.TEXT, piece(all, Math.min(third, all.length), two), false);
        peer.sendPiece(MessageType.TEXT, piece(all, two, all.length), true);
    }

    private static ByteBuffer piece(byte[] all, int from, int to) {
        return ByteBuffer.wrap(Arrays.copyOfRange(all, from, to));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        page = null;
        onEnd.run();
    }
}
