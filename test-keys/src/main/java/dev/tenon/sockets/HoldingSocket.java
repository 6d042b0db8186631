package dev.tenon.sockets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** A socket that holds what is written, on request, so that all of it leaves in one write. */
public class HoldingSocket extends Socket {
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean holds;

    /** A socket that is not connected, and holds nothing. */
    public HoldingSocket() {}

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream out = super.getOutputStream();
        return new OutputStream() {
            @Override
            public void write(int next) throws IOException {
                write(new byte[] {(byte) next}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (holds) {
                    held.write(bytes, offset, length);
                } else {
                    out.write(bytes, offset, length);
                }
            }
        };
    }

    /** Holds all that is written from now on. */
    public void hold() {
        holds = true;
    }

    /**
     * Writes what was held, and holds nothing more.
     *
     * @throws IOException if the socket cannot write
     */
    public void release() throws IOException {
        holds = false;
        super.getOutputStream().write(held.toByteArray());
        held.reset();
    }
}
