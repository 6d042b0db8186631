/**
 * Topics that span processes, over NATS JetStream.
 *
 * <p>An adapter: a {@code Backbone} of {@code dev.tenon.ws.topics} on NATS's own Java client. The application owns the
 * connection, with its TLS, credentials and reconnecting.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // jnats has no module descriptor.
module dev.tenon.ws.topics.nats {
    requires transitive dev.tenon.ws.topics;
    requires transitive io.nats.jnats;
    requires static org.jspecify;

    exports dev.tenon.ws.topics.nats;
}
