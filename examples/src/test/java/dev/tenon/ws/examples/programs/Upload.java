package dev.tenon.ws.examples.programs;

import static java.nio.file.StandardOpenOption.*;

import dev.tenon.ws.connection.*;
import dev.tenon.ws.server.*;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Executor;

public record Upload(Path file) implements StreamingListener {
    @Override
    public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) throws Exception {
        try (FileChannel channel = FileChannel.open(file, CREATE, APPEND)) {
            channel.write(piece); // meanwhile the peer waits
        }
        if (last) {
            webSocket.close();
        }
    }

    static void routes(RouteBuilder<?> server, Path folder, Executor disk) {
        Endpoint upload = upgrade -> upgrade.accept(new Upload(folder.resolve(UUID.randomUUID() + ".bin")));
        server.route("/upload", upload, route -> route.executor(disk).options(o -> o.withMaxMessageLength(1L << 40)));
    }
}
