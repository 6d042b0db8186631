package dev.tenon.ws.netty;

import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.testkit.TransportLaws;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The laws of transports, for one version of HTTP at both ends, over TLS or QUIC. */
abstract class NettyTransportLaws extends TransportLaws {
    private final HttpVersion version;

    NettyTransportLaws(HttpVersion version) {
        this.version = version;
    }

    @BeforeContainer
    static void watchBuffers() {
        Leaks.watch();
    }

    @AfterContainer
    static void noBufferIsLost() {
        Leaks.expectNone();
    }

    @Override
    protected AutoCloseable join(WebSocketListener client, WebSocketListener server) throws Exception {
        ServerAndClient ends =
                ServerAndClient.start(version, routes -> routes.route("/", upgrade -> upgrade.accept(server)));
        try {
            ends.client().connect(ends.uri("/"), client).get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            ends.close();
            throw e;
        }
        return ends;
    }

    @Override
    protected boolean await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 15_000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(2);
        }
        return condition.getAsBoolean();
    }
}
