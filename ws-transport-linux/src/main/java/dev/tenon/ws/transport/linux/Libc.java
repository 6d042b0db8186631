package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The functions of the C library that this module calls. A method returns the function's result, or {@code -errno} if
 * the function has failed; those that release something return -1 then. Pointers are passed as {@code long}: the calling conventions of 64-bit processors treat
 * both alike, and a {@code long} needs no allocation. Thread-safe.
 */
@SuppressWarnings("restricted") // this class exists to call restricted methods
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = handle("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = handle("bind", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle LISTEN = handle("listen", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle ACCEPT = handle("accept4", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CONNECT = handle("connect", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = handle("getsockname", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle GETPEERNAME = handle("getpeername", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle GETSOCKOPT =
            handle("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SETSOCKOPT =
            handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECV = handle("recv", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SEND = handle("send", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SENDMSG = handle("sendmsg", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SHUTDOWN = handle("shutdown", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = plainHandle("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle EVENTFD = handle("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle WRITE = handle("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MMAP =
            handle("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = plainHandle("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(
            symbol("syscall"),
            FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle STRERROR = plainHandle("strerror", text(), JAVA_INT);

    private Libc() {}

    private static AddressLayout text() {
        return ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(256, JAVA_BYTE));
    }

    private static MemorySegment symbol(String name) {
        return LINKER.defaultLookup().find(name).orElseThrow(() -> new UnsatisfiedLinkError(name));
    }

    private static MethodHandle handle(String name, MemoryLayout result, MemoryLayout... parameters) {
        return LINKER.downcallHandle(
                symbol(name), FunctionDescriptor.of(result, parameters), Linker.Option.captureCallState("errno"));
    }

    /** Returns a handle of a function whose {@code errno} is not needed, so that a call needs no memory. */
    private static MethodHandle plainHandle(String name, MemoryLayout result, MemoryLayout... parameters) {
        return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(result, parameters));
    }

    /** The layout of the memory that receives {@code errno}. Each thread has its own memory. */
    static StructLayout state() {
        return STATE;
    }

    private static int result(int returned, MemorySegment state) {
        return returned >= 0 ? returned : -(int) ERRNO.get(state, 0L);
    }

    private static long result(long returned, MemorySegment state) {
        return returned != -1 ? returned : -(int) ERRNO.get(state, 0L);
    }

    /**
     * Converts a throwable of a downcall. A C function throws nothing, so the throwable is an error of the virtual
     * machine.
     */
    private static Error unexpected(Throwable thrown) {
        return thrown instanceof Error error ? error : new LinkageError("a call of the C library has failed", thrown);
    }

    static int socket(int domain, int type, int protocol) {
        MemorySegment state = Scratch.here().state;
        try {
            return result((int) SOCKET.invokeExact(state, domain, type, protocol), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int bind(int fd, long address, int length) {
        MemorySegment state = Scratch.here().state;
        try {
            return result((int) BIND.invokeExact(state, fd, address, length), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int listen(int fd, int backlog) {
        MemorySegment state = Scratch.here().state;
        try {
            return result((int) LISTEN.invokeExact(state, fd, backlog), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int accept(int fd, long address, long length, int flags) {
        MemorySegment state = Scratch.here().state;
        try {
            return result((int) ACCEPT.invokeExact(state, fd, address, length, flags), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int connect(int fd, long address, int length) {
        MemorySegment state = Scratch.here().state;
        try {
            return result((int) CONNECT.invokeExact(state, fd, address, length), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int getsockname(int fd, long address, long length) {
        MemorySegment state = Scratch.here().state;
        try {
            return result((int) GETSOCKNAME.invokeExact(state, fd, address, length), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int getpeername(int fd, long address, long length) {
        MemorySegment state = Scratch.here().state;
        try {
            return result((int) GETPEERNAME.invokeExact(state, fd, address, length), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int getsockopt(int fd, int level, int name, long value, long length) {
        MemorySegment state = Scratch.here().state;
        try {
            return result((int) GETSOCKOPT.invokeExact(state, fd, level, name, value, length), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int setsockopt(int fd, int level, int name, long value, int length) {
        MemorySegment state = Scratch.here().state;
        try {
            return result((int) SETSOCKOPT.invokeExact(state, fd, level, name, value, length), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int recv(MemorySegment state, int fd, long bytes, long length, int flags) {
        try {
            return (int) result((long) RECV.invokeExact(state, fd, bytes, length, flags), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int send(MemorySegment state, int fd, long bytes, long length, int flags) {
        try {
            return (int) result((long) SEND.invokeExact(state, fd, bytes, length, flags), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long sendmsg(MemorySegment state, int fd, long message, int flags) {
        try {
            return result((long) SENDMSG.invokeExact(state, fd, message, flags), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int shutdown(int fd, int how) {
        MemorySegment state = Scratch.here().state;
        try {
            return result((int) SHUTDOWN.invokeExact(state, fd, how), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Closes a descriptor, also if no memory is left. Returns 0, or -1 if there is no such descriptor. */
    static int close(int fd) {
        try {
            return (int) CLOSE.invokeExact(fd);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int eventfd(int count, int flags) {
        MemorySegment state = Scratch.here().state;
        try {
            return result((int) EVENTFD.invokeExact(state, count, flags), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long write(MemorySegment state, int fd, long bytes, long length) {
        try {
            return result((long) WRITE.invokeExact(state, fd, bytes, length), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long mmap(long length, int protection, int flags, int fd, long offset) {
        MemorySegment state = Scratch.here().state;
        try {
            return result((long) MMAP.invokeExact(state, 0L, length, protection, flags, fd, offset), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Ends a mapping, also if no memory is left. Returns 0, or -1 if there is no such mapping. */
    static int munmap(long address, long length) {
        try {
            return (int) MUNMAP.invokeExact(address, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Makes a system call for which the C library has no function. */
    static int syscall(MemorySegment state, long number, long a, long b, long c, long d, long e, long f) {
        try {
            return (int) result((long) SYSCALL.invokeExact(state, number, a, b, c, d, e, f), state);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /** Returns the C library's text for an error number. */
    static String describe(int errno) {
        try {
            return ((MemorySegment) STRERROR.invokeExact(errno)).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }
}
