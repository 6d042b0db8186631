package dev.tenon.ws.conformance.matrix;

import jakarta.websocket.WebSocketContainer;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/** Spring's {@code StandardWebSocketClient} on a container of Jakarta WebSocket. */
final class SpringEcho extends AbstractWebSocketHandler {
    private final EventLog eventLog;

    private SpringEcho(EventLog eventLog) {
        this.eventLog = eventLog;
    }

    static Peer.Client client(Supplier<WebSocketContainer> container) {
        return (url, eventLog, certificate) -> {
            WebSocketSession session = new StandardWebSocketClient(container.get())
                    .execute(new SpringEcho(eventLog), url)
                    .get();
            return () -> {
                if (session.isOpen()) {
                    session.close();
                }
            };
        };
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) {
        echo(session).onText(message.getPayload());
    }

    @Override
    protected void handleBinaryMessage(WebSocketSession session, BinaryMessage message) throws Exception {
        session.sendMessage(message);
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
        eventLog.closed(status.getCode(), status.getReason());
    }

    private static Echo echo(WebSocketSession session) {
        return new Echo() {
            @Override
            void send(String text) throws Exception {
                session.sendMessage(new TextMessage(text));
            }

            @Override
            void close(int code, String reason) throws Exception {
                session.close(new CloseStatus(code, reason));
            }

            @Override
            boolean ping(byte[] payload) throws Exception {
                session.sendMessage(new PingMessage(ByteBuffer.wrap(payload)));
                return true;
            }

            @Override
            boolean fragments(String... pieces) throws Exception {
                for (int i = 0; i < pieces.length; i++) {
                    session.sendMessage(new TextMessage(pieces[i], i == pieces.length - 1));
                }
                return true;
            }
        };
    }
}
