package compare.jetty;

import static java.nio.file.StandardOpenOption.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

public class Upload implements Session.Listener {
    private final Path file;
    private Session session;

    Upload(Path file) {
        this.file = file;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        this.session = session;
        session.demand();
    }

    @Override
    public void onWebSocketPartialBinary(ByteBuffer piece, boolean last, Callback callback) {
        try (FileChannel channel = FileChannel.open(file, CREATE, APPEND)) {
            channel.write(piece);
            callback.succeed();
            if (last) {
                session.close();
            } else {
                session.demand();
            }
        } catch (IOException e) {
            callback.fail(e);
        }
    }

    public static void main(String[] args) throws Exception {
        Server server = new Server(Integer.parseInt(args[0]));
        server.setHandler(WebSocketUpgradeHandler.from(
                server,
                container -> container.addMapping(
                        "/upload",
                        (request, response, callback) -> new Upload(Path.of(args[1], UUID.randomUUID() + ".bin")))));
        server.start();
    }
}
