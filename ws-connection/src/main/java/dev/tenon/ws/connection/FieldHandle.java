package dev.tenon.ws.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Finds the VarHandle of a field, for access with weaker or stronger memory ordering than the field's own. */
final class FieldHandle {
    private FieldHandle() {}

    /** Returns the handle of a field of the lookup's class. */
    static VarHandle of(MethodHandles.Lookup lookup, String name, Class<?> type) {
        try {
            return lookup.findVarHandle(lookup.lookupClass(), name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
