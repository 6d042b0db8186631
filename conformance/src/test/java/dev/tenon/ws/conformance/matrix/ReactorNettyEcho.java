package dev.tenon.ws.conformance.matrix;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Reactor Netty, the client and server of Spring WebFlux: it echoes each frame. */
final class ReactorNettyEcho {
    private ReactorNettyEcho() {}

    static Peer.Client client(boolean deflate) {
        WebsocketClientSpec.Builder spec = WebsocketClientSpec.builder();
        WebsocketClientSpec chosen = (deflate ? spec.compress(true) : spec).build();
        return (url, eventLog, certificate) -> {
            Disposable connection = HttpClient.newConnection()
                    .websocket(chosen)
                    .uri(url)
                    .handle((in, out) -> serve(in, out, eventLog))
                    .subscribe(nothing -> {}, failure -> eventLog.add("failed " + failure.getMessage()));
            return connection::dispose;
        };
    }

    static Peer.Server server(boolean deflate) {
        WebsocketServerSpec.Builder spec = WebsocketServerSpec.builder();
        WebsocketServerSpec chosen = (deflate ? spec.compress(true) : spec).build();
        return (eventLog, certificate) -> {
            DisposableServer server = HttpServer.create()
                    .host("127.0.0.1")
                    .port(0)
                    .route(routes -> routes.ws("/", (in, out) -> serve(in, out, eventLog), chosen))
                    .bindNow();
            return new Peer.RunningServer(server.port(), () -> server.disposeNow(Duration.ofSeconds(5)));
        };
    }

    private static Publisher<Void> serve(WebsocketInbound in, WebsocketOutbound out, EventLog eventLog) {
        in.receiveCloseStatus().subscribe(status -> eventLog.closed(status.code(), status.reasonText()));
        AtomicReference<Channel> channel = new AtomicReference<>();
        in.withConnection((Connection connection) -> channel.set(connection.channel()));
        return in.receiveFrames().concatMap(frame -> response(frame, Objects.requireNonNull(channel.get()), out));
    }

    private static Mono<Void> response(WebSocketFrame frame, Channel channel, WebsocketOutbound out) {
        if (frame instanceof TextWebSocketFrame text && text.isFinalFragment()) {
            String message = text.text();
            if (message.equals(Echo.CLOSE)) {
                return out.sendClose(4000, "as you wish");
            }
            NettyEcho.echo(channel).onText(message);
            return Mono.empty();
        }
        boolean isControl = frame instanceof PongWebSocketFrame || frame instanceof PingWebSocketFrame;
        return isControl ? Mono.empty() : out.sendObject(frame.retain()).then();
    }
}
