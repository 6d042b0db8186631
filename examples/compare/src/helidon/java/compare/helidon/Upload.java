package compare.helidon;

import static java.nio.file.StandardOpenOption.*;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

public record Upload(Path file) implements WsListener { // a frame has to fit into memory
    @Override
    public void onMessage(WsSession session, BufferData piece, boolean last) {
        try {
            Files.write(file, piece.readBytes(), CREATE, APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (last) {
            session.close(1000, "");
        }
    }

    public static void main(String[] args) {
        WebServer.builder()
                .port(Integer.parseInt(args[0]))
                .addRouting(WsRouting.builder()
                        .endpoint("/upload", () -> new Upload(Path.of(args[1], UUID.randomUUID() + ".bin"))))
                .build()
                .start();
    }
}
