package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
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
        Throwable cause = event.cause();
        note("closed: " + event.code()
                + (event.reason().isEmpty() ? "" : " \"" + Terminal.escaped(event.reason()) + "\"")
                + (event.wasClean() ? "" : ", without a closing handshake")
                + (cause == null ? "" : ": " + cause.getMessage()));
    }

    @Override
    public void note(String line) {
        terminal.note(line);
    }
}
