package dev.tenon.ws.conformance.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.conformance.matrix.Peer.Trait;
import dev.tenon.ws.conformance.matrix.Row.Column;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/** The exchange between Tenon and a peer, and the cells of its results. */
final class Scenario {
    private static final String TEXT = "Grüße, 世界 🪵 ";

    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
    private static final String BAD = "✗ ";
    private static final String BOTH = "both ways";
    private static final String TO_PEER = "to the peer";

    private final Opener opener;
    private Row row;
    private boolean broken;

    Scenario(Opener opener, Row row) {
        this.opener = opener;
        this.row = row;
    }

    /**
     * Runs all steps, or only the handshake if the peer implements no more. A failure is written into the cell of its
     * step.
     */
    Row play(Peer<?> peer) throws Exception {
        PeerConnection first;
        try {
            first = opener.open();
        } catch (Exception e) {
            return row.with(Column.EXTENSION, BAD + "not connected: " + e);
        }
        try (PeerConnection connection = first) {
            set(Column.EXTENSION, extension(connection));
            if (peer.has(Trait.HANDSHAKE_ONLY)) {
                return row.with(Column.MESSAGES, "knows the handshake only");
            }
            fill(Column.MESSAGES, () -> messages(connection, !peer.has(Trait.NOT_EMPTY)));
            set(Column.COMPRESSES, compresses(connection));
            fill(Column.PING, () -> ping(connection));
            fill(Column.CLOSE_BY_TENON, () -> closeByTenon(connection, !peer.has(Trait.MAY_NOT_ANSWER)));
        }
        set(Column.LARGEST, largest(peer.longest()));
        broken = false;
        try (PeerConnection connection = opener.open()) {
            fill(Column.FRAGMENTS, () -> fragments(connection));
        }
        broken = false;
        try (PeerConnection connection = opener.open()) {
            fill(Column.CLOSE_BY_PEER, () -> {
                expect("closed 4000 as you wish", connection.exchange(Echo.CLOSE));
                return "4000";
            });
        }
        return row;
    }

    private void set(Column column, String text) {
        row = row.with(column, text);
    }

    /** Runs a step of one connection, unless an earlier step has failed. */
    private void fill(Column column, Step step) throws Exception {
        try {
            set(column, broken ? "" : step.play());
        } catch (Unexpected e) {
            broken = true;
            set(column, BAD + e.getMessage());
        }
    }

    private static void expect(String expected, String seen) throws Unexpected {
        if (!seen.equals(expected)) {
            throw new Unexpected("“" + expected + "” became “" + seen + "”");
        }
    }

    private interface Step {
        String play() throws Exception;
    }

    private static final class Unexpected extends Exception {
        private static final long serialVersionUID = 1;

        Unexpected(String message) {
            super(message);
        }
    }

    /** Returns the negotiated extension, or the reason why there is none. */
    private static String extension(PeerConnection connection) throws Exception {
        String sent = connection.traffic().sent.wholeHead();
        String received = connection.traffic().received.wholeHead();
        boolean isServer = sent.startsWith("HTTP/");
        String agreed = FrameLog.field(isServer ? sent : received, EXTENSIONS);
        if (!agreed.isEmpty()) {
            return "`" + agreed + "`";
        }
        return FrameLog.field(isServer ? received : sent, EXTENSIONS).isEmpty() ? "not offered" : "declined";
    }

    private static String messages(PeerConnection connection, boolean empty) throws Exception {
        for (String text : empty ? List.of(TEXT, "", TEXT.repeat(100)) : List.of(TEXT, TEXT.repeat(100))) {
            expect(TenonEnd.eventOf(text), connection.exchange(text));
        }
        ByteBuffer data = ByteBuffer.wrap(TEXT.repeat(100).getBytes(UTF_8));
        expect(TenonEnd.eventOf(data), connection.exchange(data));
        return empty ? "yes" : "yes, but no empty ones";
    }

    private static String compresses(PeerConnection connection) {
        if (!connection.traffic().isTapped) {
            return "";
        }
        boolean tenon = connection.traffic().sent.isCompressed();
        boolean peer = connection.traffic().received.isCompressed();
        return tenon && peer ? "both" : tenon ? "Tenon" : peer ? "peer" : "no";
    }

    private static String fragments(PeerConnection connection) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(TEXT.getBytes(UTF_8));
        int third = bytes.remaining() / 3; // inside a character
        connection.webSocket().sendPiece(MessageType.TEXT, bytes.slice(0, third), false);
        connection.webSocket().sendPiece(MessageType.TEXT, bytes.slice(third, third), false);
        connection.webSocket().sendPiece(MessageType.TEXT, bytes.slice(2 * third, bytes.remaining() - 2 * third), true);
        expect(TenonEnd.eventOf(TEXT), connection.tenon().next());
        String response = connection.exchange(Echo.FRAGMENTS);
        if (response.equals(TenonEnd.eventOf(Echo.MISSING))) {
            return TO_PEER;
        }
        expect(TenonEnd.eventOf("in three frames"), response);
        return !connection.traffic().isTapped || connection.traffic().received.isFragmented()
                ? BOTH
                : TO_PEER + "; it joins its own";
    }

    private static String ping(PeerConnection connection) throws Exception {
        connection.webSocket().sendPing(ByteBuffer.wrap("polo".getBytes(UTF_8)));
        expect("pong polo", connection.tenon().next());
        String ping = connection.exchange(Echo.PING);
        if (ping.equals(TenonEnd.eventOf(Echo.MISSING))) {
            return TO_PEER;
        }
        expect("ping marco", ping);
        return BOTH;
    }

    private static String closeByTenon(PeerConnection connection, boolean answers) throws Exception {
        connection.peer().clear();
        connection.webSocket().close(new CloseCode(4000), "enough");
        String peer = connection.peer().next();
        String response = connection.tenon().next().replaceFirst(" enough$", ""); // a peer may leave the reason out
        if (answers && !response.matches("closed \\d+")) {
            throw new Unexpected("closed 4000 became " + response);
        }
        return "4000"
                + (answers
                        ? response.substring(7)
                                .replaceFirst("(.+)", "; answer $1")
                                .replace("; answer 4000", "")
                        : "; may not answer")
                + (peer.equals("closed 4000 enough") ? "" : "; the peer hears " + peer.substring(7));
    }

    /**
     * Returns the length of the longest message that comes back as text and as binary; halves the length after each
     * failure.
     */
    private String largest(int longest) throws Exception {
        String failure = "";
        for (int length = longest; length >= 4096; length /= 2) {
            try (PeerConnection connection = opener.open()) {
                echo(connection, length);
                return size(length);
            } catch (Unexpected e) {
                failure = e.getMessage();
            }
        }
        return BAD + failure;
    }

    private static void echo(PeerConnection connection, int length) throws Exception {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        StringBuilder text = new StringBuilder(length);
        for (byte b : noise) {
            text.append((char) ('0' + (b & 0x3f)));
        }
        expect(TenonEnd.eventOf(text.toString()), connection.exchange(text.toString()));
        ByteBuffer data = ByteBuffer.wrap(noise);
        expect(TenonEnd.eventOf(data), connection.exchange(data));
    }

    private static String size(int length) {
        return length >= 1 << 20 ? (length >> 20) + " MiB" : (length >> 10) + " KiB";
    }
}
