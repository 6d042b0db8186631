package dev.tenon.ws.cli;

import dev.tenon.ws.connection.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Bytes: the bytes of one read, up to a limit, form a binary message. */
final class BytesInput implements Input {
    private final InputStream in;
    private final int most;

    /** Reads at most this number of bytes for one message. */
    BytesInput(InputStream in, int most) {
        this.in = in;
        this.most = most;
    }

    @Override
    public boolean next(Conversation conversation) throws IOException, InterruptedException {
        byte[] bytes = new byte[most];
        int length = in.read(bytes);
        if (length < 0) {
            return false;
        }
        conversation.send(Message.binary(ByteBuffer.wrap(bytes, 0, length)));
        return true;
    }
}
