package dev.tenon.ws.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.frame.Frame;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** The readable log of the frames that a scripted peer has sent and received. */
final class Transcript {
    private static final int SHOWN_BYTES = 32;
    private static final int SHOWN_CHARACTERS = 60;

    private final StringBuilder lines = new StringBuilder();

    void note(String line) {
        lines.append(line).append('\n');
    }

    AssertionError failure(String expected, String got) {
        return new AssertionError("expected " + expected + ", but got " + got + "\n"
                + lines.toString().indent(2));
    }

    @Override
    public String toString() {
        return lines.toString();
    }

    /** The frame with a readable payload. */
    static String show(Frame frame) {
        ByteBuffer payload = frame.payload();
        return switch (frame.firstByte().opcode()) {
            case TEXT -> frame + quoted(payload);
            case CLOSE -> frame + (payload.remaining() < 2 ? "" : " (" + (int) payload.getChar() + ")");
            default -> frame.toString();
        };
    }

    static String show(ByteBuffer bytes) {
        byte[] shown = new byte[Math.min(bytes.remaining(), SHOWN_BYTES)];
        bytes.get(bytes.position(), shown);
        return bytes.remaining() + " bytes as they are: " + HexFormat.of().formatHex(shown)
                + (shown.length < bytes.remaining() ? "..." : "");
    }

    private static String quoted(ByteBuffer payload) {
        String text = UTF_8.decode(payload).toString();
        return text.isEmpty()
                ? ""
                : text.length() > SHOWN_CHARACTERS
                        ? " \"" + text.substring(0, SHOWN_CHARACTERS) + "...\""
                        : " \"" + text + "\"";
    }
}
