package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.server.HostedRoutes;
import dev.tenon.ws.server.HostedRoutesBuilder;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The examples of README.md, word for word. */
class NettyReadmeTest {
    static NettyServer server(Path certificates, Path key, WebSocketListener chat) throws IOException {
        return NettyServer.builder()
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .tls(certificates, key) // HTTP/1.1 and HTTP/2 over TCP, HTTP/3 over UDP, on the same port
                .routes(routes -> routes.route("/chat", upgrade -> upgrade.accept(chat))
                        .get("/health", request -> HttpResponse.text(200, "ok\n")))
                .start();
    }

    static void addTo(ChannelPipeline pipeline, HostedRoutes routes, ChannelHandler yours) {
        pipeline.addLast(new HttpServerCodec(), new WebSocketHandler(routes), yours);
    }

    static void route(HostedRoutesBuilder routes, Supplier<SimpleChannelInboundHandler<WebSocketFrame>> yours) {
        routes.route("/chat", upgrade -> upgrade.accept(FrameHandlers.of(pipeline -> pipeline.addLast(yours.get()))));
    }

    static NettyClient client(Path trusted) {
        return NettyClient.builder()
                .trust(trusted)
                .version(HttpVersion.HTTP_3) // without this, HTTP/2 where it is announced, else HTTP/1.1
                .build();
    }

    @Test
    void theClientTalksToTheServer() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        WebSocketListener chat = new WebSocketListener() {
            @Override
            public void onText(WebSocket webSocket, String text) {
                received.complete(text);
            }
        };
        try (NettyServer server = server(ServerAndClient.certificate(), ServerAndClient.key(), chat);
                NettyClient client = client(ServerAndClient.certificate())) {
            client.connect("wss://127.0.0.1:" + server.port() + "/chat", new WebSocketListener() {})
                    .get(60, TimeUnit.SECONDS)
                    .sendText("hello");
            assertEquals("hello", received.get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void aHandlerOfNettyIsARoute() throws Exception {
        FrameLog handler = new FrameLog();
        try (ServerAndClient ends = ServerAndClient.start(HttpVersion.HTTP_3, routes -> route(routes, () -> handler))) {
            ends.client()
                    .connect(ends.uri("/chat"), new WebSocketListener() {})
                    .get(60, TimeUnit.SECONDS)
                    .sendText("hello");
            assertEquals("active", handler.next());
            assertEquals("open /chat null null", handler.next());
            assertEquals("text hello", handler.next());
        }
    }

    @Test
    void theHandlerWorksInAPipeline() {
        ChannelHandler last = new ChannelInboundHandlerAdapter();
        EmbeddedChannel channel = new EmbeddedChannel();
        addTo(channel.pipeline(), HostedRoutes.builder().build(), last);
        assertEquals(last, channel.pipeline().last());
        channel.finishAndReleaseAll();
    }
}
