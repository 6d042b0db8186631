package dev.tenon.ws.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.transport.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.PasswordAuthentication;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a SOCKS 5 proxy for a tunnel (RFC 1928), with user name and password if it wants them (RFC 1929). A host name goes
 * to the proxy as it is.
 */
final class SocksTunnel extends LinkStep {
    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int PASSWORD = 2;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;

    /** Finds user name and password, off the loop; null if there are none. */
    interface Asks {
        Step ask(Consumer<@Nullable PasswordAuthentication> then, Consumer<IOException> failed);
    }

    private enum State {
        METHOD("choice of an authentication method"),
        CREDENTIALS("user name"),
        PASSWORD_VERDICT("answer to the user name"),
        REPLY("answer to the request to connect");

        final String what;

        State(String what) {
            this.what = what;
        }
    }

    private final Hop hop;
    private final @Nullable Asks credentials;
    private final Runnable done;

    private State state = State.METHOD;
    private @Nullable Step asking;
    /** The longest message is a reply with a name: 4 + 1 + 255 + 2. */
    private final ByteBuffer message = ByteBuffer.allocate(262);

    SocksTunnel(Link link, Hop hop, @Nullable Asks credentials, Runnable done, Consumer<IOException> failed) {
        super(link, failed);
        this.hop = hop;
        this.credentials = credentials;
        this.done = done;
    }

    void start() {
        link.switchTo(this);
        link.write(ByteBuffer.wrap(
                credentials == null
                        ? new byte[] {VERSION, 1, NO_AUTHENTICATION}
                        : new byte[] {VERSION, 2, NO_AUTHENTICATION, PASSWORD}));
    }

    @Override
    public void received(ByteBuffer input) {
        while (input.hasRemaining() && !isOver()) {
            if (state == State.CREDENTIALS) {
                refuse("has sent more than its choice of an authentication method");
            } else {
                message.put(input.get());
                if (message.position() == messageLength()) {
                    message.flip();
                    take(input.hasRemaining());
                    message.clear();
                }
            }
        }
        input.position(input.limit());
    }

    /** How long the message is, as far as what has come of it tells. */
    private int messageLength() {
        if (state != State.REPLY || message.position() < 5) {
            return state == State.REPLY ? 10 : 2;
        }
        return switch (message.get(3)) {
            case IPV6 -> 22;
            case NAME -> 7 + (message.get(4) & 0xFF);
            default -> 10;
        };
    }

    private void take(boolean more) {
        int first = message.get(0);
        int second = message.get(1) & 0xFF;
        switch (state) {
            case METHOD -> chosen(first, second);
            case PASSWORD_VERDICT -> {
                if (second == 0) {
                    connect();
                } else {
                    refuse("did not take the user name and password");
                }
            }
            default -> reply(first, second, more);
        }
    }

    private void chosen(int version, int method) {
        if (version != VERSION) {
            refuse("does not speak SOCKS 5");
        } else if (method == NO_AUTHENTICATION) {
            connect();
        } else if (method == PASSWORD && credentials != null) {
            state = State.CREDENTIALS;
            asking = credentials.ask(this::authenticate, this::fail);
        } else {
            refuse(
                    method == 0xFF
                            ? "wants an authentication that this client was not given"
                            : "has chosen an authentication that was not offered: " + method);
        }
    }

    private void authenticate(@Nullable PasswordAuthentication login) {
        if (isOver()) {
            return;
        }
        byte[] user = login == null ? new byte[0] : login.getUserName().getBytes(UTF_8);
        byte[] password = login == null
                ? new byte[0]
                : String.valueOf(login.getPassword()).getBytes(UTF_8);
        if (user.length == 0) {
            refuse("wants a user name and password, and the authenticator has none");
        } else if (user.length > 255 || password.length > 255) {
            refuse("cannot be given a user name or password of more than 255 bytes");
        } else {
            state = State.PASSWORD_VERDICT;
            link.write(ByteBuffer.allocate(3 + user.length + password.length)
                    .put((byte) 1)
                    .put((byte) user.length)
                    .put(user)
                    .put((byte) password.length)
                    .put(password)
                    .flip());
        }
    }

    private void connect() {
        state = State.REPLY;
        InetAddress literal = Addresses.literal(hop.uri().host());
        byte[] host = literal == null ? hop.uri().host().getBytes(US_ASCII) : literal.getAddress();
        ByteBuffer request = ByteBuffer.allocate(7 + host.length)
                .put((byte) VERSION)
                .put((byte) CONNECT)
                .put((byte) 0);
        if (literal == null) {
            request.put((byte) NAME).put((byte) host.length);
        } else {
            request.put((byte) (host.length == 4 ? IPV4 : IPV6));
        }
        link.write(request.put(host).putShort((short) hop.uri().port()).flip());
    }

    private void reply(int version, int code, boolean more) {
        if (version != VERSION) {
            refuse("has broken SOCKS 5 in its answer");
        } else if (code != 0) {
            refuse("did not connect to " + hop.authority() + ": " + meaning(code));
        } else if (more) {
            refuse("has sent more than its answer");
        } else {
            done();
            done.run();
        }
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

    private void refuse(String what) {
        fail(new ProxyException(hop + " " + what, null));
    }

    @Override
    void cancelled() {
        if (asking != null) {
            asking.cancel();
        }
    }

    @Override
    public String waitsFor() {
        return state == State.CREDENTIALS && asking != null
                ? asking.waitsFor()
                : "the " + state.what + " of " + hop + ", by SOCKS";
    }
}
