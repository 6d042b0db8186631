package dev.tenon.ws.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads an open file between two positions, a piece at a time. {@link #close} may be called from any thread. */
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

    /** Opens a regular file; the last name of its path must not be a symbolic link. */
    static FileBody open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            return new FileBody(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The number of bytes that have not been read. */
    long remaining() {
        return end - position;
    }

    /** Restricts the reading to some of the bytes. */
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
                    throw new IOException("the file has become shorter while it is being sent");
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

    /** Closes the file, or has the read that is under way close it at its end: this call never waits for the disk. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (!reading) {
            channel.close();
        }
    }
}
