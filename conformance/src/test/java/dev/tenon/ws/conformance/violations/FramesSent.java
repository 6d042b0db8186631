package dev.tenon.ws.conformance.violations;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.ConnectionViolation;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.frame.Violation;
import dev.tenon.ws.testkit.DiscardingWire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames on an open connection.
 *
 * @param hex the bytes to send, masked with the key 0 if a client sends them; a star and a number repeat the part
 *     before
 * @param extension the negotiated extension
 * @param trickle the bytes to send after each pause, or the empty string
 * @param pause the length of a pause
 * @param pauses the number of pauses
 */
record FramesSent(
        ConnectionViolation violation,
        Role sender,
        String hex,
        Negotiated extension,
        String trickle,
        Duration pause,
        int pauses)
        implements Provocation {
    /** The extension of a connection, at most one. */
    enum Negotiated {
        NONE(""),
        DEFLATE(", with permessage-deflate"),
        REVERSED(", with an extension that marks messages by RSV1");

        private final String words;

        Negotiated(String words) {
            this.words = words;
        }
    }

    FramesSent(ConnectionViolation violation, Role sender, String hex, Negotiated extension) {
        this(violation, sender, hex, extension, "", Duration.ZERO, 0);
    }

    FramesSent(ConnectionViolation violation, String hex, String trickle, Duration pause, int pauses) {
        this(violation, Role.CLIENT, hex, Negotiated.NONE, trickle, pause, pauses);
    }

    @Override
    public String receiver() {
        return sender == Role.CLIENT ? "a server" : "a client";
    }

    @Override
    public String example() {
        String silence = pauses == 0 ? "" : ", then nothing for " + pause.toSeconds() + " s";
        String slowly = ", then `" + trickle + "` every " + pause.toSeconds() + " s";
        return "`" + hex + "`" + extension.words + (trickle.isEmpty() ? silence : slowly);
    }

    @Override
    public @Nullable Violation provoke() {
        try (PermessageDeflate deflate = new PermessageDeflate()) {
            CloseEvent event = receive(
                    switch (extension) {
                        case NONE -> List.of();
                        case DEFLATE -> List.of(deflate.accept(deflate.offers().get(0)));
                        case REVERSED -> List.of(new Reversed().accept(ExtensionOffer.of("x-reversed")));
                    });
            return event.cause() instanceof ProtocolException broken ? broken.violation() : null;
        }
    }

    /** Limits are low, so that the examples are short. */
    private ConnectionOptions options() {
        return ConnectionOptions.DEFAULT
                .withMaxMessageLength(extension == Negotiated.DEFLATE ? 4096 : 16)
                .withControlFrames(2, 1)
                .withKeepalive(Duration.ZERO, Duration.ofSeconds(20));
    }

    private CloseEvent receive(List<NegotiatedExtension> agreed) {
        Connection connection = new Connection(
                sender.peer(),
                options(),
                new Upgrade("ws://localhost/", "", agreed),
                new DiscardingWire(),
                new ThreadContext(() -> 0),
                new WebSocketListener() {});
        connection.open();
        connection.tick(0);
        connection.receive(ByteBuffer.wrap(bytes(hex)));
        connection.tick(1);
        for (int i = 1; i <= pauses; i++) {
            connection.tick(1 + i * pause.toNanos());
            connection.receive(ByteBuffer.wrap(bytes(trickle)));
        }
        CloseEvent event = connection.closeEvent().orElseThrow(() -> new AssertionError("nothing has failed: " + hex));
        connection.ended(null);
        return event;
    }

    private static byte[] bytes(String text) {
        StringBuilder digits = new StringBuilder();
        for (String part : text.split(" ", -1)) {
            int star = part.indexOf('*');
            digits.append(star < 0 ? part : part.substring(0, star).repeat(Integer.parseInt(part.substring(star + 1))));
        }
        return HexFormat.of().parseHex(digits);
    }
}
