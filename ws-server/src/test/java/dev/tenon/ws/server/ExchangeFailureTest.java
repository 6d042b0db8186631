package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges that fail: by the endpoint, an extension, the executor, or an earlier request. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExchangeFailureTest extends ExchangeTestBase {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anErrorAtAPipelinedRequestEndsTheConnection(boolean first) throws Exception {
        CompletableFuture<HttpResponse> later = new CompletableFuture<>();
        int[] calls = {0};
        try (WebSocketServer server = builder()
                        .get("/poll", HttpHandler.async(request -> {
                            if (calls[0]++ == (first ? 0 : 1)) {
                                throw new StackOverflowError("deliberate: a test wants to see this");
                            }
                            return later;
                        }))
                        .start();
                RawClient client = new RawClient(server)) {
            client.send(GET + GET);
            later.completeAsync(() -> HttpResponse.text(200, "one"));
            String all = client.rest();
            assertTrue(all.contains("HTTP/1.1 500 "), all);
            client.socket.close();
            awaitConnections(server, 0);
        }
    }

    /** Every fault of an endpoint gives its client a response before any 101, and the server goes on. */
    @Test
    void aFailureOfAnEndpointIsAnInternalError() throws Exception {
        AtomicReference<UpgradeResponse> others = new AtomicReference<>();
        WebSocketListener unready = new WebSocketListener() {
            @Override
            public long initialDemand() {
                throw new IllegalStateException("deliberate: a test wants to see this");
            }
        };
        List<Endpoint> endpoints = List.of(
                upgrade -> {
                    throw new IOException("deliberate");
                },
                upgrade -> {
                    throw new AssertionError("deliberate");
                },
                upgrade -> CompletableFuture.failedStage(new IllegalStateException("deliberate")),
                upgrade -> CompletableFuture.<String>completedStage("").thenApply(any -> {
                    throw new IllegalStateException("deliberate");
                }),
                upgrade -> upgrade.accept(unready),
                upgrade -> upgrade.accept(unready).withExecutor(Runnable::run),
                upgrade -> upgrade.accept(new Echo()).withHeader("Sec-WebSocket-Accept", "mine"),
                upgrade -> upgrade.accept(new Echo()).withHeader("not a token", ""),
                upgrade -> upgrade.accept(new Echo()).withSubprotocol("never offered"),
                upgrade -> upgrade.refuse(200, "no refusal"),
                upgrade -> upgrade.refuse(401, "no").withExecutor(Runnable::run),
                upgrade -> upgrade.refuse(HttpResponse.of(304, Headers.empty()).withBody(ByteBuffer.allocate(3))),
                upgrade -> {
                    UpgradeResponse before = others.getAndSet(upgrade.accept(new Echo()));
                    return before == null ? upgrade.refuse(500, "the first") : before;
                });
        WebSocketServerBuilder builder = builder().executor(Runnable::run);
        for (int i = 0; i < endpoints.size(); i++) {
            builder.route("/" + i, endpoints.get(i));
        }
        try (WebSocketServer server = builder.start()) {
            for (int i = 0; i <= endpoints.size(); i++) {
                try (RawClient client = new RawClient(server)) {
                    client.send(RawClient.upgrade("/" + Math.min(i, endpoints.size() - 1), ""));
                    String response = client.rest();
                    assertTrue(response.startsWith("HTTP/1.1 500 "), i + ": " + response);
                    assertFalse(response.contains("deliberate"), response);
                }
            }
            awaitConnections(server, 0);
        }
    }

    /** Negotiates, but cannot be opened. */
    private static final class UnopenableExtension implements ExtensionProvider, NegotiatedExtension {
        @Override
        public String name() {
            return "x-unopenable";
        }

        @Override
        public List<ExtensionOffer> offers() {
            return List.of(agreed());
        }

        @Override
        public NegotiatedExtension accept(ExtensionOffer offer) {
            return this;
        }

        @Override
        public NegotiatedExtension confirm(ExtensionOffer response) {
            return this;
        }

        @Override
        public ExtensionOffer agreed() {
            return ExtensionOffer.of("x-unopenable");
        }

        @Override
        public int rsv() {
            return 0;
        }

        @Override
        public Extension open(ExtensionContext context) {
            throw new IllegalStateException("deliberate: a test wants to see this");
        }
    }

    @Test
    void anExtensionThatCannotBeOpenedIsAnInternalErrorBeforeThe101() throws Exception {
        try (WebSocketServer server = builder()
                        .route(
                                "/ws",
                                upgrade -> upgrade.accept(new Echo()),
                                route -> route.extensions(Extensions.of(new UnopenableExtension())))
                        .start();
                RawClient client = new RawClient(server)) {
            client.send(RawClient.upgrade("/ws", "Sec-WebSocket-Extensions: x-unopenable\r\n"));
            assertTrue(client.rest().startsWith("HTTP/1.1 500 "));
        }
    }

    @Test
    void aFullExecutorMeansServiceUnavailable() throws Exception {
        try (WebSocketServer server = builder()
                        .executor(task -> {
                            throw new RejectedExecutionException("full");
                        })
                        .route("/ws", upgrade -> upgrade.accept(new Echo()))
                        .get("/poll", request -> HttpResponse.text(200, ""))
                        .start();
                RawClient client = new RawClient(server);
                RawClient poll = new RawClient(server)) {
            client.send(RawClient.upgrade("/ws", ""));
            assertTrue(client.rest().startsWith("HTTP/1.1 503 "));
            poll.send(GET);
            assertTrue(poll.rest().startsWith("HTTP/1.1 503 "));
        }
    }
}
