package dev.tenon.ws.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** For pipes of bytes: writes the content of each message to the standard output, without a separator. */
final class BytesOutput extends TextOutput {
    BytesOutput(Terminal terminal, boolean timed) {
        super(terminal, timed);
    }

    @Override
    public void text(String text) {
        terminal.bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void binary(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        terminal.bytes(bytes);
    }
}
