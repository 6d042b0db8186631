package dev.tenon.ws.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a connection: an array of alternating keys and values, which each change replaces. Most connections
 * have no attributes and need no array, and few have more than a handful. Thread-safe.
 */
class AttributeHolder {
    private static final Object[] NONE = {};
    private static final VarHandle ENTRIES;

    static {
        try {
            ENTRIES = MethodHandles.lookup().findVarHandle(AttributeHolder.class, "entries", Object[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile Object[] entries = NONE;

    <T> @Nullable T get(AttributeKey<T> key) {
        return get(entries, key);
    }

    /** Sets a value, or removes it with null; returns the previous value. */
    <T> @Nullable T put(AttributeKey<T> key, @Nullable T value) {
        while (true) {
            Object[] known = entries;
            T before = get(known, key);
            if (ENTRIES.compareAndSet(this, known, replaced(known, key, value))) {
                return before;
            }
        }
    }

    /** Sets a value if there is none; returns the current value. */
    <T> T putIfAbsent(AttributeKey<T> key, T value) {
        while (true) {
            Object[] known = entries;
            T before = get(known, key);
            if (before != null) {
                return before;
            }
            if (ENTRIES.compareAndSet(this, known, replaced(known, key, value))) {
                return value;
            }
        }
    }

    @SuppressWarnings("unchecked") // put() took a value of the key's type
    private static <T> @Nullable T get(Object[] entries, AttributeKey<T> key) {
        int at = indexOf(entries, key);
        return at < 0 ? null : (T) entries[at + 1];
    }

    private static int indexOf(Object[] entries, AttributeKey<?> key) {
        for (int i = 0; i < entries.length; i += 2) {
            if (entries[i] == key) {
                return i;
            }
        }
        return -1;
    }

    private static Object[] replaced(Object[] known, AttributeKey<?> key, @Nullable Object value) {
        int at = indexOf(known, key);
        if (value == null) {
            return at < 0 ? known : without(known, at);
        }
        Object[] next = Arrays.copyOf(known, at < 0 ? known.length + 2 : known.length);
        int slot = at < 0 ? known.length : at;
        next[slot] = key;
        next[slot + 1] = value;
        return next;
    }

    private static Object[] without(Object[] known, int at) {
        Object[] next = new Object[known.length - 2];
        System.arraycopy(known, 0, next, 0, at);
        System.arraycopy(known, at + 2, next, at, next.length - at);
        return next;
    }
}
