package dev.tenon.ws.connection;

/**
 * The name and the type of something that an application keeps at a connection, such as its user. Two keys are equal
 * only if they are the same object, so that two libraries never meet under one name: keep a key in a constant.
 *
 * <pre>{@code
 * static final AttributeKey<User> USER = AttributeKey.of("user");
 * webSocket.attribute(USER, user);
 * }</pre>
 *
 * @param <T> the type of the values
 */
@SuppressWarnings("UnusedTypeParameter") // it ties a key to its values
public final class AttributeKey<T> {
    private final String name;

    private AttributeKey(String name) {
        this.name = name;
    }

    /**
     * A new key.
     *
     * @param name what {@link #toString()} returns; it need not be unique
     * @param <T> the type of the values
     * @return a key that equals no other
     */
    public static <T> AttributeKey<T> of(String name) {
        return new AttributeKey<>(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
