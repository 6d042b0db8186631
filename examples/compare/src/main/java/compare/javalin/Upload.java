package compare.javalin;

import static java.nio.file.StandardOpenOption.*;

import io.javalin.Javalin;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;

public class Upload {
    public static void main(String[] args) { // a message has to fit into memory
        Javalin.create(config -> {
                    config.jetty.modifyWebSocketServletFactory(factory -> factory.setMaxBinaryMessageSize(1L << 40));
                    config.routes.ws(
                            "/upload",
                            ws -> ws.onBinaryMessage(ctx -> {
                                Path file = Path.of(args[1], UUID.randomUUID() + ".bin");
                                try (FileChannel channel = FileChannel.open(file, CREATE, APPEND)) {
                                    channel.write(ctx.data());
                                }
                                ctx.closeSession();
                            }));
                })
                .start(Integer.parseInt(args[0]));
    }
}
