package dev.tenon.ws.handshake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The header lines of one HTTP head, in order (RFC 9110 §5). Names are compared without regard to case; a name may
 * occur more than once. Immutable and thread-safe.
 *
 * <p>A value is the text between the colon and the end of the line, without spaces around it, one character per octet
 * (ISO 8859-1). A name may begin with a colon, because the pseudo-header fields of HTTP/2 and HTTP/3 are held as
 * headers too; those cannot be written in HTTP/1.1.
 */
public final class Headers {
    private static final Headers EMPTY = new Headers(new String[0]);

    /** The lines as name, value, name, value … */
    private final String[] lines;

    private Headers(String[] lines) {
        this.lines = lines;
    }

    /**
     * Returns no headers.
     *
     * @return an empty list
     */
    public static Headers empty() {
        return EMPTY;
    }

    /**
     * Returns the given headers.
     *
     * @param namesAndValues a name, its value, the next name, its value …
     * @return a list of them
     * @throws IllegalArgumentException if their number is odd, a name is not a token, or a value has a character that a
     *     header line must not have
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value: give names and values in turn");
        }
        Builder builder = builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /**
     * Returns the headers of a request that another library has read, such as a servlet container or the JDK's HTTP
     * server.
     *
     * @param headers the values by name, in the order of the map; names that differ only in case are one name
     * @return a list of them
     * @throws IllegalArgumentException if a name is not a token, or a value cannot be written in a line
     */
    public static Headers of(Map<String, List<String>> headers) {
        Builder builder = builder();
        headers.forEach((name, values) -> values.forEach(value -> builder.add(name, value)));
        return builder.build();
    }

    static Headers of(HeaderLines lines) {
        return lines.size() == 0 ? EMPTY : new Headers(lines.toArray());
    }

    /**
     * Begins a list.
     *
     * @return an empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Begins a list with these headers in it.
     *
     * @return a builder
     */
    public Builder toBuilder() {
        return new Builder().addAll(this);
    }

    /**
     * Returns the first value of a name.
     *
     * @param name a header's name, in any case
     * @return its value, or null if there is none
     */
    public @Nullable String first(String name) {
        int line = next(name, 0);
        return line < 0 ? null : lines[line + 1];
    }

    /** The index of the next line of a name, or a negative number. */
    private int next(String name, int from) {
        for (int i = from; i < lines.length; i += 2) {
            if (lines[i].equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Returns all values of a name.
     *
     * @param name a header's name, in any case
     * @return one value for each line, in order; empty if there is none
     */
    public List<String> all(String name) {
        int line = next(name, 0);
        if (line < 0) {
            return List.of();
        }
        List<String> values = new ArrayList<>(1);
        for (; line >= 0; line = next(name, line + 2)) {
            values.add(lines[line + 1]);
        }
        return List.copyOf(values);
    }

    /**
     * Returns the number of lines with a name.
     *
     * @param name a header's name, in any case
     * @return 0 or more
     */
    public int count(String name) {
        int count = 0;
        for (int line = next(name, 0); line >= 0; line = next(name, line + 2)) {
            count++;
        }
        return count;
    }

    /**
     * Whether a comma-separated header, in any of its lines, has an element (RFC 9110 §5.6.1).
     *
     * @param name a header's name, in any case
     * @param token the element, in any case
     * @return whether one of the lines has it
     */
    public boolean hasToken(String name, String token) {
        for (int line = next(name, 0); line >= 0; line = next(name, line + 2)) {
            if (ElementList.has(lines[line + 1], token)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the elements of a comma-separated header, all of its lines together and in order (RFC 9110 §5.6.1); empty
     * elements are left out. For headers without quoted strings.
     *
     * @param name a header's name, in any case
     * @return the elements, without the spaces around them
     */
    public List<String> elements(String name) {
        List<String> elements = new ArrayList<>();
        all(name).forEach(line -> ElementList.addTo(elements, line));
        return List.copyOf(elements);
    }

    /**
     * Returns the number of lines.
     *
     * @return 0 or more
     */
    public int size() {
        return lines.length / 2;
    }

    /**
     * Calls an action with each name and value, in order.
     *
     * @param action receives a name as it was written, and its value
     */
    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < lines.length; i += 2) {
            action.accept(lines[i], lines[i + 1]);
        }
    }

    /**
     * Returns the headers as a map, for another library that writes the response.
     *
     * @return the values by name in lower case, in the order of the first line of each name
     */
    public Map<String, List<String>> toMap() {
        Map<String, List<String>> map = new LinkedHashMap<>();
        forEach((name, value) -> map.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                .add(value));
        map.replaceAll((name, values) -> List.copyOf(values));
        return map;
    }

    /**
     * Whether the other list has the same names and values in the same order; the case of names does not matter.
     *
     * @param other any object
     * @return whether they are equal
     */
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Headers headers) || headers.lines.length != lines.length) {
            return false;
        }
        for (int i = 0; i < lines.length; i += 2) {
            if (!lines[i].equalsIgnoreCase(headers.lines[i]) || !lines[i + 1].equals(headers.lines[i + 1])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 1; i < lines.length; i += 2) {
            hash = 31 * hash + lines[i].hashCode();
        }
        return hash;
    }

    /**
     * Returns the lines for logs. Values that may be credentials are hidden, by the names of their headers:
     * {@code Authorization}, {@code Cookie}, {@code X-Api-Key} and similar ones, the queries of {@code Location},
     * subprotocols that look like access tokens. Control characters become question marks. {@link #forEach} has the
     * real values.
     *
     * @return {@code Name: value}, one to a line
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach((name, value) -> text.append(Redaction.line(name, value)));
        return text.toString();
    }

    /** Collects header lines. Not thread-safe. */
    public static final class Builder {
        private final HeaderLines lines = new HeaderLines();

        private Builder() {}

        /**
         * Adds a line.
         *
         * @param name the header's name
         * @param value its value; spaces around it are dropped
         * @return this
         * @throws IllegalArgumentException if the name is not a token, or the value cannot be written in a line
         */
        public Builder add(String name, String value) {
            lines.addChecked(name, value);
            return this;
        }

        /**
         * Adds all lines of another list.
         *
         * @param headers the lines
         * @return this
         */
        public Builder addAll(Headers headers) {
            headers.forEach(lines::append);
            return this;
        }

        /**
         * Removes all lines of a name.
         *
         * @param name a header's name, in any case
         * @return this
         */
        public Builder remove(String name) {
            lines.remove(name);
            return this;
        }

        /**
         * Returns the list.
         *
         * @return all lines that were added, in order
         */
        public Headers build() {
            return of(lines);
        }
    }
}
