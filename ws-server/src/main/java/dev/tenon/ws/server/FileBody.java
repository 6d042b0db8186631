package dev.tenon.ws.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of an open file between two positions, piece by piece. {@link #close} may be called from any thread. */
final class FileBody implements AutoCloseable {
    private static final int PIECE = 64 * 1024;

    private final FileChannel channel;
    private long position;
    private long end;
    private boolean reading;
    private boolean closed;

    private FileBody(FileChannel channel) throws IOException {
        this.channel = channel;
        this.end = channel.size();
    }

    /** Opens a regular file; the last name of its path may be no link. */
    static FileBody open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            return new FileBody(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** How many bytes are left. */
    long remaining() {
        return end - position;
    }

    /** Leaves only some bytes of those that are left. */
    void select(long first, long length) {
        position = first;
        end = first + length;
    }

    /**
     * Reads the next piece. Blocks on the disk.
     *
     * @return at least one byte
     * @throws IOException if the file has become shorter, cannot be read or is closed
     */
    ByteBuffer read() throws IOException {
        begin();
        try {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, remaining()));
            while (piece.hasRemaining()) {
                int count = channel.read(piece, position);
                if (count < 0) {
                    throw new IOException("the file has become shorter while it was sent");
                }
                position += count;
            }
            return piece.flip();
        } finally {
            end();
        }
    }

    private synchronized void begin() throws IOException {
        if (closed) {
            throw new IOException("the file is closed");
        }
        reading = true;
    }

    private synchronized void end() throws IOException {
        reading = false;
        if (closed) {
            channel.close();
        }
    }

    /** Closes the file, behind a read that is under way: nobody waits for the disk here. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (!reading) {
            channel.close();
        }
    }
}
