package dev.tenon.ws.connection;

/**
 * The name and the type of an attribute of a connection, such as its user. Two keys are equal only if they are the same
 * object, so that the keys of two libraries never collide. Store a key in a constant.
 *
 * <pre>{@code
 * static final AttributeKey<User> USER = AttributeKey.of("user");
 * webSocket.attribute(USER, user);
 * }</pre>
 *
 * @param <T> the type of the values
 */
@SuppressWarnings("UnusedTypeParameter") // binds the type of the values to the key
public final class AttributeKey<T> {
    private final String name;

    private AttributeKey(String name) {
        this.name = name;
    }

    /**
     * Creates a key.
     *
     * @param name what {@link #toString()} returns; it need not be unique
     * @param <T> the type of the values
     * @return a key that is not equal to any other key
     */
    public static <T> AttributeKey<T> of(String name) {
        return new AttributeKey<>(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
