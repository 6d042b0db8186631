package dev.tenon.ws.client.dial;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.client.ProxyException;
import dev.tenon.ws.client.step.Exchange;
import java.net.InetAddress;
import java.net.PasswordAuthentication;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request and response of SOCKS 5 (RFC 1928, RFC 1929). A tunnel needs two or three of them: the method, user name
 * and password if the proxy asks for them, the server. The proxy resolves the host name.
 *
 * @param <T> the result
 */
public abstract sealed class SocksExchange<T> implements Exchange<T> {
    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int PASSWORD = 2;
    private static final int NONE_ACCEPTABLE = 0xFF;

    /** The longest response has a host: 4 + 1 + 255 + 2. */
    private final ByteBuffer message = ByteBuffer.allocate(262);

    private final Route route;
    private final String what;

    private SocksExchange(Route route, String what) {
        this.route = route;
        this.what = what;
    }

    @Override
    public final @Nullable T receive(ByteBuffer input) throws ProxyException {
        while (input.hasRemaining()) {
            message.put(input.get());
            if (message.position() == length(message)) {
                if (input.hasRemaining()) {
                    throw refused("has sent more than its " + what);
                }
                return read(message.get(0), message.get(1) & 0xFF);
            }
        }
        return null;
    }

    /** The length of the response, as far as the received bytes determine it. */
    int length(ByteBuffer soFar) {
        return 2;
    }

    abstract T read(int version, int code) throws ProxyException;

    final ProxyException refused(String reason) {
        return new ProxyException(route + " " + reason, null);
    }

    @Override
    public final String awaitedEvent() {
        return "the " + what + " of " + route + ", by SOCKS";
    }

    /** Offers methods of authentication. The result is whether the proxy asks for user name and password. */
    public static final class Method extends SocksExchange<Boolean> {
        private final boolean offersPassword;

        public Method(Route route, boolean offersPassword) {
            super(route, "choice of an authentication method");
            this.offersPassword = offersPassword;
        }

        @Override
        public ByteBuffer request() {
            return ByteBuffer.wrap(
                    offersPassword
                            ? new byte[] {VERSION, 2, NO_AUTHENTICATION, PASSWORD}
                            : new byte[] {VERSION, 1, NO_AUTHENTICATION});
        }

        @Override
        Boolean read(int version, int method) throws ProxyException {
            if (version != VERSION) {
                throw refused("does not speak SOCKS 5");
            }
            if (method == NO_AUTHENTICATION || (method == PASSWORD && offersPassword)) {
                return method == PASSWORD;
            }
            throw refused(
                    method == NONE_ACCEPTABLE
                            ? "requires an authentication for which this client has no credentials"
                            : "has chosen an authentication that was not offered: " + method);
        }
    }

    /** Sends user name and password (RFC 1929). */
    public static final class Password extends SocksExchange<Boolean> {
        private final byte[] user;
        private final byte[] password;

        /**
         * User name and password.
         *
         * @throws ProxyException if there is none, or one is too long for SOCKS
         */
        public Password(Route route, @Nullable PasswordAuthentication login) throws ProxyException {
            super(route, "response to the user name");
            if (login == null || login.getUserName().isEmpty()) {
                throw refused("requires a user name and password, and the authenticator has none");
            }
            user = login.getUserName().getBytes(UTF_8);
            password = String.valueOf(login.getPassword()).getBytes(UTF_8);
            if (user.length > 255 || password.length > 255) {
                throw refused("cannot be given a user name or password of more than 255 bytes");
            }
        }

        @Override
        public ByteBuffer request() {
            return ByteBuffer.allocate(3 + user.length + password.length)
                    .put((byte) 1)
                    .put((byte) user.length)
                    .put(user)
                    .put((byte) password.length)
                    .put(password)
                    .flip();
        }

        @Override
        Boolean read(int version, int verdict) throws ProxyException {
            if (verdict != 0) {
                throw refused("did not take the user name and password");
            }
            return true;
        }
    }

    /** Asks for a connection to the server. */
    public static final class Connect extends SocksExchange<Boolean> {
        private static final int CONNECT = 1;
        private static final int IPV4 = 1;
        private static final int NAME = 3;
        private static final int IPV6 = 4;

        private final Route route;

        /**
         * A request for the server of a route.
         *
         * @throws ProxyException if its name is too long for SOCKS
         */
        public Connect(Route route) throws ProxyException {
            super(route, "response to the request to connect");
            this.route = route;
            if (route.uri().host().length() > 255) {
                throw refused("cannot be given a host name of more than 255 bytes");
            }
        }

        @Override
        public ByteBuffer request() {
            String name = route.uri().host();
            InetAddress literal = Addresses.literal(name);
            byte[] host = literal == null ? name.getBytes(US_ASCII) : literal.getAddress();
            ByteBuffer request = ByteBuffer.allocate(7 + host.length)
                    .put((byte) VERSION)
                    .put((byte) CONNECT)
                    .put((byte) 0);
            if (literal == null) {
                request.put((byte) NAME).put((byte) host.length);
            } else {
                request.put((byte) (host.length == 4 ? IPV4 : IPV6));
            }
            return request.put(host).putShort((short) route.uri().port()).flip();
        }

        @Override
        int length(ByteBuffer soFar) {
            if (soFar.position() < 5) {
                return 10;
            }
            return switch (soFar.get(3)) {
                case IPV6 -> 22;
                case NAME -> 7 + (soFar.get(4) & 0xFF);
                default -> 10;
            };
        }

        @Override
        Boolean read(int version, int code) throws ProxyException {
            if (version != VERSION) {
                throw refused("has broken SOCKS 5 in its response");
            }
            if (code != 0) {
                throw refused("did not connect to " + route.authority() + ": " + meaning(code));
            }
            return true;
        }

        /** RFC 1928 §6. */
        private static String meaning(int code) {
            return switch (code) {
                case 1 -> "general failure";
                case 2 -> "not allowed by its rules";
                case 3 -> "network unreachable";
                case 4 -> "host unreachable";
                case 5 -> "connection refused";
                case 6 -> "time to live expired";
                case 7 -> "command not supported";
                case 8 -> "address type not supported";
                default -> "code " + code;
            };
        }
    }
}
