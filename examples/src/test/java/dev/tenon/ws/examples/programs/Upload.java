package dev.tenon.ws.examples.programs;

import dev.tenon.ws.connection.*;
import dev.tenon.ws.server.*;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.*;
import java.util.concurrent.Executor;

public record Upload(Path file) implements StreamingListener {
    @Override
    public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            channel.write(piece); // meanwhile the peer waits
        }
        if (last) {
            webSocket.close();
        }
    }

    static void routes(RouteBuilder<?> server, Path folder, Executor disk) {
        Endpoint upload = upgrade -> upgrade.accept(new Upload(Files.createTempFile(folder, "upload", ".bin")));
        server.route("/upload", upload, route -> route.executor(disk).options(o -> o.withMaxMessageLength(1 << 30)));
    }
}
