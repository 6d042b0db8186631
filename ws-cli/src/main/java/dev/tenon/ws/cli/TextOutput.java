package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Prints texts to the standard output and everything else to the standard error, for people and for line-based pipes.
 */
class TextOutput implements Output {
    private static final int SHOWN_BYTES = 32;

    final Terminal terminal;
    private final boolean timed;

    TextOutput(Terminal terminal, boolean timed) {
        this.terminal = terminal;
        this.timed = timed;
    }

    @Override
    public void opened(WebSocket webSocket, Timings timings) {
        String extensions = webSocket.extensions().isEmpty() ? "" : " with " + webSocket.extensions();
        String subprotocol = webSocket.subprotocol().isEmpty() ? "" : ", subprotocol " + webSocket.subprotocol();
        note("connected to " + webSocket.url() + extensions + subprotocol
                + (terminal.interactive() ? "; /help lists the commands" : ""));
        if (timed) {
            String protocol = timings.protocol();
            note(timings.line() + (protocol == null ? "" : "; " + protocol));
        }
    }

    @Override
    public void text(String text) {
        terminal.arrived(text);
    }

    @Override
    public void binary(ByteBuffer data) {
        int length = data.remaining();
        byte[] shown = new byte[Math.min(length, SHOWN_BYTES)];
        data.get(shown);
        terminal.arrived("binary, " + length + " bytes: " + HexFormat.of().formatHex(shown)
                + (length > SHOWN_BYTES ? "..." : ""));
    }

    @Override
    public void pong(String payload, double millis) {
        note("pong" + (payload.isEmpty() ? "" : " \"" + Terminal.escaped(payload) + "\"")
                + String.format(Locale.ROOT, " after %.1f ms", millis));
    }

    @Override
    public void closed(CloseEvent event) {
        note("closed: " + line(event));
    }

    /** The code of an end with its meaning, the reason, and what else is known. */
    static String line(CloseEvent event) {
        Throwable cause = event.cause();
        return event.code()
                + meaning(event.code())
                + (event.reason().isEmpty() ? "" : " \"" + Terminal.escaped(event.reason()) + "\"")
                + (event.wasClean() ? "" : ", without a closing handshake")
                + (cause == null ? "" : ": " + cause.getMessage());
    }

    /** The meaning of a close code of RFC 6455 §7.4.1 or IANA's registry, if the code reports a problem. */
    private static String meaning(CloseCode code) {
        return switch (code.value()) {
            case 1001 -> " (going away)";
            case 1002 -> " (protocol error)";
            case 1003 -> " (unsupported data)";
            case 1007 -> " (invalid payload data)";
            case 1008 -> " (policy violation)";
            case 1009 -> " (message too big)";
            case 1010 -> " (mandatory extension)";
            case 1011 -> " (internal error)";
            case 1012 -> " (service restart)";
            case 1013 -> " (try again later)";
            case 1014 -> " (bad gateway)";
            default -> "";
        };
    }

    @Override
    public void note(String line) {
        terminal.note(line);
    }

    @Override
    public boolean isBroken() {
        return terminal.isBroken();
    }
}
