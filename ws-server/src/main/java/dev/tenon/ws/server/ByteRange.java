package dev.tenon.ws.server;

import org.jspecify.annotations.Nullable;

/**
 * The range of a {@code Range} header (RFC 9110 §14.2). A header with several ranges, with another unit, or that is
 * malformed is ignored.
 *
 * @param first the position of the first byte
 * @param length the number of bytes; 0 if the file has none of the requested bytes
 */
record ByteRange(long first, long length) {
    private static final long ABSENT = -1;
    private static final long MALFORMED = -2;
    private static final ByteRange UNSATISFIABLE = new ByteRange(0, 0);

    /** The range of a file with a length, or null for the whole file. */
    static @Nullable ByteRange parse(@Nullable String header, long fileLength) {
        if (header == null || !header.regionMatches(true, 0, "bytes=", 0, 6)) {
            return null;
        }
        String range = header.substring(6).strip();
        int dash = range.indexOf('-');
        if (dash < 0 || range.indexOf(',') >= 0) {
            return null;
        }
        long first = number(range.substring(0, dash).strip());
        long last = number(range.substring(dash + 1).strip());
        if (first == MALFORMED || last == MALFORMED || (first == ABSENT && last == ABSENT)) {
            return null;
        }
        if (first == ABSENT) {
            return suffix(last, fileLength);
        }
        if (last != ABSENT && last < first) {
            return null;
        }
        if (first >= fileLength) {
            return UNSATISFIABLE;
        }
        long end = last == ABSENT ? fileLength : Math.min(last, fileLength - 1) + 1;
        return new ByteRange(first, end - first);
    }

    private static @Nullable ByteRange suffix(long length, long fileLength) {
        if (length == 0) {
            return UNSATISFIABLE;
        }
        long count = Math.min(length, fileLength);
        return count == fileLength ? null : new ByteRange(fileLength - count, count);
    }

    /** The value of decimal digits; one that does not fit into a long is the largest long. */
    private static long number(String digits) {
        if (digits.isEmpty()) {
            return ABSENT;
        }
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return MALFORMED;
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    boolean isUnsatisfiable() {
        return length == 0;
    }
}
