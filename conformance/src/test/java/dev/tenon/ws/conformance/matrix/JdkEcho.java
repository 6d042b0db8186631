package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The JDK's client, which delivers pieces of messages and allows one send at a time. */
final class JdkEcho implements WebSocket.Listener {
    private final EventLog eventLog;
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

    private JdkEcho(EventLog eventLog) {
        this.eventLog = eventLog;
    }

    static Stop connect(String url, EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        HttpClient.Builder builder = HttpClient.newBuilder();
        if (certificate != null) {
            builder.sslContext(certificate.context());
        }
        CompletableFuture<WebSocket> connected =
                builder.build().newWebSocketBuilder().buildAsync(URI.create(url), new JdkEcho(eventLog));
        return () -> {
            WebSocket socket = connected.getNow(null);
            if (socket != null) {
                socket.abort();
            }
        };
    }

    private Echo echo(WebSocket socket) {
        return new Echo() {
            @Override
            void send(String message) {
                sent = sent.thenCompose(done -> socket.sendText(message, true));
            }

            @Override
            void close(int code, String reason) {
                sent = sent.thenCompose(done -> socket.sendClose(code, reason));
            }

            @Override
            boolean ping(byte[] payload) {
                sent = sent.thenCompose(done -> socket.sendPing(ByteBuffer.wrap(payload)));
                return true;
            }

            @Override
            boolean fragments(String... pieces) {
                for (int i = 0; i < pieces.length; i++) {
                    String piece = pieces[i];
                    boolean last = i == pieces.length - 1;
                    sent = sent.thenCompose(done -> socket.sendText(piece, last));
                }
                return true;
            }
        };
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence piece, boolean last) {
        text.append(piece);
        if (last) {
            String whole = text.toString();
            text.setLength(0);
            echo(socket).onText(whole);
        }
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer piece, boolean last) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        binary.writeBytes(bytes);
        if (last) {
            ByteBuffer whole = ByteBuffer.wrap(binary.toByteArray());
            binary.reset();
            sent = sent.thenCompose(done -> socket.sendBinary(whole, true));
        }
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        eventLog.closed(code, reason);
        return null;
    }
}
