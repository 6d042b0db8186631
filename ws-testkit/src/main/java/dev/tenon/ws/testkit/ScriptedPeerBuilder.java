package dev.tenon.ws.testkit;

import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Role;
import java.util.List;

/** Builds a {@link ScriptedPeer} in memory. Not thread-safe. */
public final class ScriptedPeerBuilder {
    private final Role role;
    private ConnectionOptions options = ConnectionOptions.DEFAULT;
    private List<NegotiatedExtension> extensions = List.of();
    private WireConditions conditions = WireConditions.GOOD;

    ScriptedPeerBuilder(Role role) {
        this.role = role;
    }

    /**
     * Sets the limits and deadlines of the end under test.
     *
     * @param options its options
     * @return this builder
     */
    public ScriptedPeerBuilder options(ConnectionOptions options) {
        this.options = options;
        return this;
    }

    /**
     * Sets the negotiated extensions of the end under test. The peer itself uses raw frames.
     *
     * @param extensions the extensions of the end under test
     * @return this builder
     */
    public ScriptedPeerBuilder extensions(NegotiatedExtension... extensions) {
        this.extensions = List.of(extensions);
        return this;
    }

    /**
     * Sets how the wire splits, delays and cuts the bytes to the end under test.
     *
     * @param conditions the conditions
     * @return this builder
     */
    public ScriptedPeerBuilder conditions(WireConditions conditions) {
        this.conditions = conditions;
        return this;
    }

    /**
     * Connects the peer to a connection in the other role, and opens that.
     *
     * @param listener receives the events of the end under test
     * @return the peer
     */
    public ScriptedPeer against(WebSocketListener listener) {
        VirtualClock clock = new VirtualClock();
        WireDirection there = new WireDirection(conditions, clock);
        WireDirection back = new WireDirection(WireConditions.GOOD, clock);
        Upgrade upgrade = new Upgrade("ws://memory.test/", "", extensions);
        End end = new End(role.peer(), options, upgrade, listener, clock, back, there);
        Connection connection = end.connection;
        connection.open();
        end.tick();
        FrameRules rules = FrameRules.receivedBy(role);
        for (NegotiatedExtension extension : extensions) {
            rules = rules.withOwned(extension.rsv(), extension.opcodes());
        }
        return new ScriptedPeer(role, new MemoryChannel(end, clock, there, back), rules, connection.webSocket());
    }
}
