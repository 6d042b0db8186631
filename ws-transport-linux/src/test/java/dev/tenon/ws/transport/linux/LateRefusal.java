package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;

/** A process in which the kernel begins to refuse {@code io_uring_enter} while selectors are open. */
final class LateRefusal {
    private static final int SYS_IO_URING_ENTER = 426;
    /** Where a filter finds the third argument of a system call: how many completions to wait for. */
    private static final int LEAST = 16 + 2 * 8;

    private LateRefusal() {}

    /** A task that may fail. */
    private interface Task {
        void run() throws IOException;
    }

    public static void main(String[] arguments) throws IOException {
        SelectorProvider provider = IoUring.required();
        long before = Kernel.descriptors();
        Selector incomplete = provider.openSelector();
        incomplete.selectNow();
        Selector refused = provider.openSelector();
        Pair pair = Pair.open(provider);
        pair.channel().register(refused, SelectionKey.OP_READ);
        refused.selectNow();

        Refusal.install(new int[][] {
            {Refusal.LOAD, 0, 0, 0},
            {Refusal.IF_EQUAL, 0, 3, SYS_IO_URING_ENTER},
            {Refusal.LOAD, 0, 0, LEAST},
            {Refusal.IF_EQUAL, 0, 1, 1},
            {Refusal.RETURN, 0, 0, Refusal.RETURN_ERROR | Errno.EBADR},
            {Refusal.RETURN, 0, 0, Refusal.RETURN_ALLOW}
        });
        print("a completion is lost", incomplete::select);
        print("after that", incomplete::selectNow);
        print("close", incomplete::close);

        Refusal.install(new int[][] {
            {Refusal.LOAD, 0, 0, 0},
            {Refusal.IF_EQUAL, 0, 1, SYS_IO_URING_ENTER},
            {Refusal.RETURN, 0, 0, Refusal.RETURN_ERROR | Errno.EPERM},
            {Refusal.RETURN, 0, 0, Refusal.RETURN_ALLOW}
        });
        pair.channel().write(ByteBuffer.allocate(1));
        print("select", refused::selectNow);
        print("close", refused::close);
        System.out.println(
                "channel with unsent bytes is open: " + pair.channel().isOpen());
        pair.close();
        System.out.println("descriptors left: " + (Kernel.descriptors() - before));
    }

    private static void print(String what, Task task) {
        try {
            task.run();
            System.out.println(what + ": succeeds");
        } catch (IOException e) {
            System.out.println(what + ": " + e.getMessage());
        }
    }
}
