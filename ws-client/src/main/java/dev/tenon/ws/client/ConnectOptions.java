package dev.tenon.ws.client;

/** Options of one connect that override those of its client, see {@link ConnectRequest#with}. Not thread-safe. */
public final class ConnectOptions extends ConnectSettings<ConnectOptions> {
    private ConnectOptions() {}

    static ConnectOptions copyOf(ConnectSettings<?> settings) {
        ConnectOptions copy = new ConnectOptions();
        copy.copyFrom(settings);
        return copy;
    }

    @Override
    ConnectOptions self() {
        return this;
    }
}
