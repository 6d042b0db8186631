/**
 * Property-based tests for WebSocket code: arbitraries, laws, an in-memory wire and a scripted peer.
 *
 * <p>It has jqwik arbitraries of all protocol values, valid or with a single defect; the laws that every extension,
 * codec, transport, backbone and presence must obey; a wire between two connections that splits, delays and cuts the
 * bytes under a virtual clock; and a scripted peer, in memory or over a socket. For tests only.
 */
@SuppressWarnings("requires-transitive-automatic") // jqwik has no module descriptor.
module dev.tenon.ws.testkit {
    requires transitive dev.tenon.ws.connection;
    requires transitive dev.tenon.ws.handshake;
    requires transitive dev.tenon.ws.topics;
    requires transitive net.jqwik.api;
    requires static org.jspecify;

    exports dev.tenon.ws.testkit;

    provides net.jqwik.api.providers.ArbitraryProvider with
            dev.tenon.ws.testkit.ProtocolArbitraryProvider;
}
