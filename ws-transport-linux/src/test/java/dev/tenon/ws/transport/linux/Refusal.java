package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * A process that asks for io_uring three times and then connects to itself. With an error number as its argument, a seccomp
 * filter first refuses {@code io_uring_setup} with that number, as the filters of containers do.
 */
final class Refusal {
    private static final long PRCTL = System.getProperty("os.arch", "").equals("aarch64") ? 167 : 157;
    private static final long SECCOMP = System.getProperty("os.arch", "").equals("aarch64") ? 277 : 317;
    private static final int SYS_IO_URING_SETUP = 425;

    static final int LOAD = 0x20;
    static final int IF_EQUAL = 0x15;
    static final int RETURN = 0x06;
    static final int RETURN_ERROR = 0x00050000;
    static final int RETURN_ALLOW = 0x7FFF0000;

    private Refusal() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0) {
            refuse(Integer.parseInt(arguments[0]));
        }
        for (int i = 0; i < 3; i++) {
            SelectorProvider provider = IoUring.orNio();
            System.out.println("NIO: " + (provider == SelectorProvider.provider()));
        }
        try {
            SelectorProvider unused = IoUring.required();
            System.out.println("io_uring");
        } catch (UnsupportedOperationException e) {
            System.out.println("told: " + e.getMessage());
        }
        try (ServerSocketChannel listener = IoUring.orNio().openServerSocketChannel()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel connection = SocketChannel.open(listener.getLocalAddress())) {
                System.out.println("connected: " + connection.isConnected());
            }
        }
    }

    private static void refuse(int errno) {
        install(new int[][] {
            {LOAD, 0, 0, 0}, // the number of the system call
            {IF_EQUAL, 0, 1, SYS_IO_URING_SETUP},
            {RETURN, 0, 0, RETURN_ERROR | errno},
            {RETURN, 0, 0, RETURN_ALLOW}
        });
    }

    /**
     * Installs a filter for all threads of this process.
     *
     * @param instructions each with its code, how many instructions to skip if its condition holds, and if it does not,
     *     and its operand
     */
    static void install(int[][] instructions) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.state());
            MemorySegment program = arena.allocate(instructions.length * 8L, 8);
            for (int i = 0; i < instructions.length; i++) {
                program.set(JAVA_SHORT, i * 8L, (short) instructions[i][0]);
                program.set(JAVA_BYTE, i * 8L + 2, (byte) instructions[i][1]);
                program.set(JAVA_BYTE, i * 8L + 3, (byte) instructions[i][2]);
                program.set(JAVA_INT, i * 8L + 4, instructions[i][3]);
            }
            MemorySegment filter = arena.allocate(16, 8);
            filter.set(JAVA_SHORT, 0, (short) instructions.length);
            filter.set(JAVA_LONG, 8, program.address());
            int noNewPrivileges = 38;
            require(Libc.syscall(state, PRCTL, noNewPrivileges, 1, 0, 0, 0, 0));
            int setFilter = 1;
            int allThreads = 1;
            require(Libc.syscall(state, SECCOMP, setFilter, allThreads, filter.address(), 0, 0, 0));
        }
    }

    private static void require(int result) {
        if (result != 0) {
            throw new IllegalStateException("the filter could not be installed: " + Libc.describe(-result));
        }
    }
}
