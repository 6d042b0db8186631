package dev.tenon.ws.testkit;

import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import java.time.Duration;
import java.util.List;

/**
 * Two connections in memory, joined by a wire that splits, delays and cuts the bytes as a test sets it, under a virtual
 * clock. It is deterministic, without threads or sleeping. No byte moves until {@link #run()} or {@link #advance} is
 * called.
 *
 * <pre>{@code
 * MemoryWire wire = MemoryWire.between(clientListener, serverListener).open();
 * wire.client().sendText("Hello");
 * wire.run();
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class MemoryWire {
    /** A limit beyond any real test, to detect endless exchanges quickly. */
    private static final int MAX_TURNS = 200_000;

    private final VirtualClock clock;
    private final End client;
    private final End server;

    private MemoryWire(Builder builder) {
        clock = builder.clock;
        WireDirection up = new WireDirection(builder.up, clock);
        WireDirection down = new WireDirection(builder.down, clock);
        Upgrade clientUpgrade = new Upgrade("ws://memory.test/", "", builder.clientExtensions);
        Upgrade serverUpgrade = new Upgrade("ws://memory.test/", "", builder.serverExtensions);
        client = new End(Role.CLIENT, builder.clientOptions, clientUpgrade, builder.clientListener, clock, up, down);
        server = new End(Role.SERVER, builder.serverOptions, serverUpgrade, builder.serverListener, clock, down, up);
    }

    /**
     * Begins to build a wire; all settings have defaults.
     *
     * @param client receives the events of the client
     * @param server receives the events of the server
     * @return a builder
     */
    public static Builder between(WebSocketListener client, WebSocketListener server) {
        return new Builder(client, server);
    }

    /**
     * Returns the client's end.
     *
     * @return the connection as its application holds it
     */
    public WebSocket client() {
        return client.connection.webSocket();
    }

    /**
     * Returns the server's end.
     *
     * @return the connection as its application holds it
     */
    public WebSocket server() {
        return server.connection.webSocket();
    }

    /**
     * Returns the client's connection, for checks: only the wire may call the methods of a transport.
     *
     * @return the connection
     */
    public Connection clientConnection() {
        return client.connection;
    }

    /**
     * Returns the server's connection, for checks: only the wire may call the methods of a transport.
     *
     * @return the connection
     */
    public Connection serverConnection() {
        return server.connection;
    }

    /**
     * Returns the clock of both ends.
     *
     * @return the clock; {@link #advance} moves it
     */
    public VirtualClock clock() {
        return clock;
    }

    /**
     * Delivers all bytes that can arrive without waiting.
     *
     * @throws IllegalStateException if that never ends, because the listeners keep responding to each other
     */
    public void run() {
        long begun = turns();
        while (step()) {
            if (client.awaitsCut() || server.awaitsCut()) {
                cut();
            }
            if (turns() - begun > MAX_TURNS) {
                throw new IllegalStateException("the two ends never come to rest: do they answer every message?");
            }
        }
    }

    /** How often either end has written; the delivery of one write may take several steps. */
    private long turns() {
        return client.writes() + server.writes();
    }

    private boolean step() {
        boolean moved = client.step();
        moved |= server.step();
        return moved;
    }

    /**
     * Advances the clock: bytes in flight arrive, and deadlines pass, each at its time.
     *
     * @param time the duration
     */
    public void advance(Duration time) {
        long target = clock.nanoTime() + time.toNanos();
        settle();
        for (long next = nextEvent(); next <= target; next = nextEvent()) {
            clock.set(next);
            settle();
        }
        clock.set(target);
        settle();
    }

    /** Does all work that is possible at the current time. */
    private void settle() {
        run();
        tick();
        run();
        tick();
    }

    private long nextEvent() {
        long now = clock.nanoTime();
        long next = Long.MAX_VALUE;
        for (End end : List.of(client, server)) {
            long event = end.nextEvent();
            if (event > now && !end.isClosed()) {
                next = Math.min(next, event);
            }
        }
        return next;
    }

    private void tick() {
        client.tick();
        server.tick();
    }

    /** Breaks the wire: bytes in flight are lost, and both ends are notified. */
    public void cut() {
        client.breaks();
        server.breaks();
    }

    /**
     * Whether both ends have closed their side of the wire.
     *
     * @return true if no event can follow except messages without demand
     */
    public boolean isClosed() {
        return client.isClosed() && server.isClosed();
    }

    /** Builds a wire. */
    public static final class Builder {
        private final WebSocketListener clientListener;
        private final WebSocketListener serverListener;
        private VirtualClock clock = new VirtualClock();
        private ConnectionOptions clientOptions = ConnectionOptions.DEFAULT;
        private ConnectionOptions serverOptions = ConnectionOptions.DEFAULT;
        private WireConditions up = WireConditions.GOOD;
        private WireConditions down = WireConditions.GOOD;
        private List<NegotiatedExtension> clientExtensions = List.of();
        private List<NegotiatedExtension> serverExtensions = List.of();

        private Builder(WebSocketListener client, WebSocketListener server) {
            clientListener = client;
            serverListener = server;
        }

        /**
         * Sets the clock; the default begins at an arbitrary time.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(VirtualClock clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Sets the limits and deadlines of both ends.
         *
         * @param options for both
         * @return this builder
         */
        public Builder options(ConnectionOptions options) {
            return options(options, options);
        }

        /**
         * Sets the limits and deadlines of each end.
         *
         * @param client the client's
         * @param server the server's
         * @return this builder
         */
        public Builder options(ConnectionOptions client, ConnectionOptions server) {
            clientOptions = client;
            serverOptions = server;
            return this;
        }

        /**
         * Sets how the wire splits, delays and cuts the bytes.
         *
         * @param up from the client to the server
         * @param down from the server to the client
         * @return this builder
         */
        public Builder conditions(WireConditions up, WireConditions down) {
            this.up = up;
            this.down = down;
            return this;
        }

        /**
         * Sets the negotiated extensions.
         *
         * @param extensions the extensions of both ends, in the order of the server's response
         * @return this builder
         */
        public Builder extensions(NegotiatedExtension... extensions) {
            return extensions(List.of(extensions), List.of(extensions));
        }

        /**
         * Sets the negotiated extensions of each end.
         *
         * @param client the extensions that the client has confirmed
         * @param server the extensions that the server has accepted
         * @return this builder
         */
        public Builder extensions(List<NegotiatedExtension> client, List<NegotiatedExtension> server) {
            clientExtensions = List.copyOf(client);
            serverExtensions = List.copyOf(server);
            return this;
        }

        /**
         * Connects and opens both ends.
         *
         * @return the wire
         */
        public MemoryWire open() {
            MemoryWire wire = new MemoryWire(this);
            wire.server.connection.open();
            wire.client.connection.open();
            wire.tick();
            return wire;
        }
    }
}
