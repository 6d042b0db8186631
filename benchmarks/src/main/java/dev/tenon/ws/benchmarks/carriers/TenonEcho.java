package dev.tenon.ws.benchmarks.carriers;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.netty.NettyServer;
import dev.tenon.ws.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** ws-netty with its defaults, but without extensions, which the other servers do not have. */
final class TenonEcho implements WebSocketListener {
    private TenonEcho() {}

    static int start(@Nullable SslContext tls) throws IOException {
        NettyServerBuilder builder = NettyServer.builder()
                .loops(1)
                .routes(routes -> routes.extensions(Extensions.none())
                        .route("/echo", upgrade -> upgrade.accept(new TenonEcho())));
        if (tls != null) {
            builder.tls(tls);
        }
        return builder.start().port();
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        webSocket.sendBinary(data);
    }
}
