package dev.tenon.ws.client;

import dev.tenon.ws.connection.Upgrade;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.connection.Wire;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Protocol;
import dev.tenon.ws.transport.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call of {@code connect}: address after address until one is connected, then the opening handshake on it. */
final class Connecting implements Protocol {
    private final ClientCore client;
    private final EventLoop loop;
    private final ConnectRequest request;
    private final ClientHandshake handshake;
    private final WebSocketListener listener;
    private final InetAddress[] addresses;
    private final CompletableFuture<WebSocket> result;

    private int next;
    private @Nullable Link link;
    private boolean opened;
    private long deadline;

    Connecting(
            ClientCore client,
            EventLoop loop,
            ConnectRequest request,
            ClientHandshake handshake,
            WebSocketListener listener,
            InetAddress[] addresses,
            CompletableFuture<WebSocket> result) {
        this.client = client;
        this.loop = loop;
        this.request = request;
        this.handshake = handshake;
        this.listener = listener;
        this.addresses = addresses;
        this.result = result;
    }

    void start() {
        CompletableFuture<WebSocket> unused = result.whenComplete((session, failure) -> {
            if (failure != null) { // cancelled, or failed already
                loop.execute(this::giveUp);
            }
        });
        loop.execute(this::connectNext);
    }

    private void giveUp() {
        if (link != null) {
            link.close(null);
        }
    }

    private void connectNext() {
        InetSocketAddress remote =
                new InetSocketAddress(addresses[next++], request.uri().port());
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Link.connect(loop, channel, remote, client.engine(request.uri()), request.tap(), connecting -> {
                link = connecting;
                return this;
            });
        } catch (IOException | RuntimeException e) {
            closeQuietly(channel, e);
            failed(e instanceof IOException io ? io : new IOException("cannot connect to " + remote, e));
        }
    }

    private static void closeQuietly(@Nullable SocketChannel channel, Exception cause) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** This address did not do: on to the next one, if there is one and nobody has lost interest. */
    private void failed(Exception cause) {
        if (!opened && next < addresses.length && !result.isDone()) {
            connectNext();
        } else {
            result.completeExceptionally(cause);
        }
    }

    @Override
    public void opened() {
        opened = true;
        Link connected = Objects.requireNonNull(link);
        ByteBuffer bytes = handshake.request().encode();
        if (bytes.remaining() <= Wire.MAX_RESERVE) {
            connected.reserve(bytes.remaining()).put(bytes);
        } else {
            connected.write(bytes);
        }
    }

    @Override
    public void received(ByteBuffer input) {
        Agreement agreement;
        try {
            agreement = handshake.receive(input);
        } catch (HandshakeException refused) {
            input.position(input.limit());
            fail(refused);
            return;
        }
        if (agreement != null) {
            upgrade(agreement, input);
        }
    }

    private void upgrade(Agreement agreement, ByteBuffer input) {
        Link connected = Objects.requireNonNull(link);
        Upgrade settled = new Upgrade(agreement.url(), agreement.subprotocol(), agreement.extensions());
        Session session = Session.open(connected, Role.CLIENT, client.options(), settled, listener);
        if (!result.complete(session)) { // cancelled at the last moment
            session.abort();
        }
        if (input.hasRemaining()) {
            session.received(input); // RFC 6455 §4.1: what follows the head of the answer are frames
        }
    }

    private void fail(Exception cause) {
        result.completeExceptionally(cause);
        giveUp();
    }

    @Override
    public void inputEnded() {
        fail(handshake.endOfInput());
    }

    @Override
    public void tick(long nowNanos) {
        if (deadline == 0) {
            deadline = nowNanos + client.connectNanos();
        } else if (nowNanos - deadline >= 0) {
            fail(new IOException(
                    opened ? "the server has not answered the handshake in time" : "connecting took too long"));
        }
    }

    @Override
    public void drain() {
        fail(new IOException("the client was closed"));
    }

    @Override
    public void closed(@Nullable IOException cause) {
        failed(cause == null ? new IOException("the connection was closed before the handshake was done") : cause);
    }
}
