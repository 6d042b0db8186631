package dev.tenon.ws.conformance.matrix;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;

/** An endpoint of Jakarta WebSocket, for Tyrus and Tomcat. Public, because they create it by reflection. */
public final class JakartaEcho extends Endpoint {
    private static final String EVENT_LOG = "ear";

    /** Returns the properties that an endpoint needs in its configuration. */
    static Map<String, Object> properties(EventLog eventLog) {
        return Map.of(EVENT_LOG, eventLog);
    }

    private static EventLog eventLog(Session session) {
        return (EventLog) Objects.requireNonNull(session.getUserProperties().get(EVENT_LOG));
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        session.getUserProperties().putAll(config.getUserProperties());
        Echo echo = echo(session);
        session.addMessageHandler(new MessageHandler.Whole<String>() {
            @Override
            public void onMessage(String text) {
                echo.onText(text);
            }
        });
        session.addMessageHandler(new MessageHandler.Whole<ByteBuffer>() {
            @Override
            public void onMessage(ByteBuffer data) {
                try {
                    session.getBasicRemote().sendBinary(data);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        eventLog(session).closed(reason.getCloseCode().getCode(), reason.getReasonPhrase());
    }

    private static Echo echo(Session session) {
        return new Echo() {
            @Override
            void send(String text) throws Exception {
                session.getBasicRemote().sendText(text);
            }

            @Override
            void close(int code, String reason) throws Exception {
                session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code), reason));
            }

            @Override
            boolean ping(byte[] payload) throws Exception {
                session.getBasicRemote().sendPing(ByteBuffer.wrap(payload));
                return true;
            }

            @Override
            boolean fragments(String... pieces) throws Exception {
                for (int i = 0; i < pieces.length; i++) {
                    session.getBasicRemote().sendText(pieces[i], i == pieces.length - 1);
                }
                return true;
            }
        };
    }
}
