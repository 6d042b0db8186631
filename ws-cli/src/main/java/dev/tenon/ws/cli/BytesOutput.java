package dev.tenon.ws.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** For pipes of bytes: what each message brings goes to the standard output as it is, one behind the other. */
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
