package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Reads from sockets and writes to sockets, without blocking. */
final class SocketBytes {
    private static final int DONTWAIT = 0x40; // MSG_DONTWAIT
    private static final int NOSIGNAL = 0x4000; // MSG_NOSIGNAL
    /** Up to this length, copying the bytes is faster than looking up their address. */
    private static final int FEW = 1024;

    private SocketBytes() {}

    /** Reads from the socket. Returns 0 if there is no input at the moment, and -1 at the end of the input. */
    static int read(Descriptor descriptor, ByteBuffer into) throws IOException {
        Scratch scratch = Scratch.here();
        int room = into.remaining();
        int read = into.isDirect()
                ? receive(scratch, descriptor, MemorySegment.ofBuffer(into).address(), room)
                : receive(scratch, descriptor, scratch.copyAddress(), Math.min(room, Scratch.COPY));
        if (read > 0) {
            if (!into.isDirect()) {
                into.put(into.position(), scratch.copyBuffer(), 0, read);
            }
            into.position(into.position() + read);
            return read;
        }
        if (read == 0) {
            return -1;
        }
        if (read == -Errno.EAGAIN || read == -Errno.EINTR) {
            return 0;
        }
        throw Errno.read(-read);
    }

    private static int receive(Scratch scratch, Descriptor descriptor, long to, int room) throws IOException {
        return Libc.recv(scratch.state, descriptor.require(), to, room, DONTWAIT);
    }

    /** Writes as many bytes as the socket accepts. */
    static int write(Descriptor descriptor, ByteBuffer bytes) throws IOException {
        Scratch scratch = Scratch.here();
        int sum = 0;
        while (bytes.hasRemaining()) {
            int length = bytes.remaining();
            long from;
            if (length <= FEW || !bytes.isDirect()) {
                length = Math.min(length, Scratch.COPY);
                scratch.copyBuffer().put(0, bytes, bytes.position(), length);
                from = scratch.copyAddress();
            } else {
                from = MemorySegment.ofBuffer(bytes).address();
            }
            int written = sent(send(descriptor, from, length));
            bytes.position(bytes.position() + written);
            sum += written;
            if (written < length) {
                return sum;
            }
        }
        return sum;
    }

    /** Sends bytes. Returns how many of them the socket has accepted, or {@code -errno}. */
    static int send(Descriptor descriptor, long address, int length) throws IOException {
        Scratch scratch = Scratch.here();
        return Libc.send(scratch.state, descriptor.require(), address, length, DONTWAIT | NOSIGNAL);
    }

    private static int sent(long result) throws IOException {
        if (result >= 0) {
            return (int) result;
        }
        if (result == -Errno.EAGAIN || result == -Errno.EINTR) {
            return 0;
        }
        throw new IOException(Libc.describe((int) -result));
    }

    /** Writes buffers in order. One call sends as many of them as fit. */
    static long write(Descriptor descriptor, ByteBuffer[] buffers, int offset, int count) throws IOException {
        if (count == 1) {
            return write(descriptor, buffers[offset]);
        }
        Scratch scratch = Scratch.here();
        int used = 0;
        int copied = 0;
        for (int i = offset; i < offset + count && used < Scratch.MOST_BUFFERS; i++) {
            ByteBuffer bytes = buffers[i];
            int length = bytes.remaining();
            if (bytes.isDirect()) {
                scratch.buffer(used++, MemorySegment.ofBuffer(bytes).address(), length);
            } else {
                int part = Math.min(length, Scratch.COPY - copied);
                scratch.copyBuffer().put(copied, bytes, bytes.position(), part);
                scratch.buffer(used++, scratch.copyAddress() + copied, part);
                copied += part;
                if (part < length) {
                    break;
                }
            }
        }
        int written =
                sent(Libc.sendmsg(scratch.state, descriptor.require(), scratch.message(used), DONTWAIT | NOSIGNAL));
        advance(buffers, offset, written);
        return written;
    }

    private static void advance(ByteBuffer[] buffers, int offset, int written) {
        int left = written;
        for (int i = offset; left > 0; i++) {
            int part = Math.min(left, buffers[i].remaining());
            buffers[i].position(buffers[i].position() + part);
            left -= part;
        }
    }
}
