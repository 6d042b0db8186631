package dev.tenon.ws.client;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.transport.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** From the raw connection to one on which the opening handshake can be spoken: TLS, for {@code wss:}. */
final class Securing extends LinkStep {
    private final Hop hop;
    private final Runnable done;

    Securing(Link link, Hop hop, Runnable done, Consumer<IOException> failed) {
        super(link, failed);
        this.hop = hop;
        this.done = done;
    }

    void start(@Nullable SSLEngine engine, @Nullable WireTap tap) {
        link.switchTo(this);
        link.startTls(engine, tap);
    }

    @Override
    public void opened() {
        if (!isOver()) {
            done();
            done.run();
        }
    }

    @Override
    public void received(ByteBuffer input) {
        input.position(input.limit());
    }

    @Override
    public String waitsFor() {
        return "the TLS handshake with " + hop.authority();
    }
}
