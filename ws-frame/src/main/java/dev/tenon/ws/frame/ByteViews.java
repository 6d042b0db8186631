package dev.tenon.ws.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Views of a buffer's bytes as wider numbers, whatever the buffer's own order is. */
final class ByteViews {
    /** In network order. */
    static final VarHandle SHORTS = view(short[].class, ByteOrder.BIG_ENDIAN);

    /** In network order. */
    static final VarHandle INTS = view(int[].class, ByteOrder.BIG_ENDIAN);

    /** In network order. */
    static final VarHandle LONGS = view(long[].class, ByteOrder.BIG_ENDIAN);

    /** In the machine's order, the quickest to copy and to mask. */
    static final VarHandle NATIVE_LONGS = view(long[].class, ByteOrder.nativeOrder());

    static {
        /*
         * Each access through a view asks the buffer for its memory segment. If the class of memory segments is not
         * loaded when the access is compiled, HotSpot never inlines that call, and short frames take twice as long to
         * decode and encode. The second name is the one of JDK 17.
         */
        load("java.lang.foreign.MemorySegment");
        load("jdk.internal.access.foreign.MemorySegmentProxy");
    }

    private ByteViews() {}

    private static VarHandle view(Class<?> numbers, ByteOrder order) {
        return MethodHandles.byteBufferViewVarHandle(numbers, order);
    }

    private static void load(String type) {
        try {
            Class.forName(type, false, ByteBuffer.class.getClassLoader());
        } catch (ClassNotFoundException unknown) {
            // this JDK has no such class, so its buffers do not use it
        }
    }
}
