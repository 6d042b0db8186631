package dev.tenon.ws.handshake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The header lines of one HTTP head, in order (RFC 9110 §5). Names are compared without case; a name may stand more than
 * once. Immutable and thread-safe.
 *
 * <p>A value is what stands between the colon and the end of the line, without the spaces around it, one character per
 * octet (ISO 8859-1). A name may begin with a colon: the pseudo-header fields of HTTP/2 and HTTP/3 are kept as headers
 * too, but cannot be written as HTTP/1.1.
 */
public final class Headers {
    private static final Headers EMPTY = new Headers(new String[0]);

    /** Name, value, name, value … */
    private final String[] lines;

    private Headers(String[] lines) {
        this.lines = lines;
    }

    /**
     * No header at all.
     *
     * @return an empty list
     */
    public static Headers empty() {
        return EMPTY;
    }

    /**
     * The given headers.
     *
     * @param namesAndValues a name, its value, the next name, its value …
     * @return a list of them
     * @throws IllegalArgumentException if their number is odd, a name is not a token, or a value could not stand in a
     *     line
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
     * The headers of a host that has read the request itself, such as a servlet container or the JDK's HTTP server.
     *
     * @param headers the values by name, in the order of the map; names that differ only in case are one name
     * @return a list of them
     * @throws IllegalArgumentException if a name is not a token, or a value could not stand in a line
     */
    public static Headers of(Map<String, List<String>> headers) {
        Builder builder = builder();
        headers.forEach((name, values) -> values.forEach(value -> builder.add(name, value)));
        return builder.build();
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
        Builder builder = new Builder();
        forEach(builder::append);
        return builder;
    }

    /**
     * The first value of a name.
     *
     * @param name a header's name, in any case
     * @return its value, or null if there is none
     */
    public @Nullable String first(String name) {
        for (int i = 0; i < lines.length; i += 2) {
            if (lines[i].equalsIgnoreCase(name)) {
                return lines[i + 1];
            }
        }
        return null;
    }

    /**
     * All values of a name.
     *
     * @param name a header's name, in any case
     * @return one value for each line, in order; empty if there is none
     */
    public List<String> all(String name) {
        List<String> values = List.of();
        for (int i = 0; i < lines.length; i += 2) {
            if (lines[i].equalsIgnoreCase(name)) {
                if (values.isEmpty()) {
                    values = new ArrayList<>(1);
                }
                values.add(lines[i + 1]);
            }
        }
        return values.isEmpty() ? values : List.copyOf(values);
    }

    /**
     * How often a name stands here.
     *
     * @param name a header's name, in any case
     * @return the number of its lines
     */
    public int count(String name) {
        int count = 0;
        for (int i = 0; i < lines.length; i += 2) {
            if (lines[i].equalsIgnoreCase(name)) {
                count++;
            }
        }
        return count;
    }

    /**
     * Whether a comma-separated header, all of its lines together, has an element (RFC 9110 §5.6.1).
     *
     * @param name a header's name, in any case
     * @param token the element, in any case
     * @return whether it stands there
     */
    public boolean hasToken(String name, String token) {
        for (int i = 0; i < lines.length; i += 2) {
            if (lines[i].equalsIgnoreCase(name) && listHas(lines[i + 1], token)) {
                return true;
            }
        }
        return false;
    }

    private static boolean listHas(String list, String token) {
        for (int from = 0; from <= list.length(); ) {
            int comma = list.indexOf(',', from);
            int end = comma < 0 ? list.length() : comma;
            int start = from;
            from = end + 1;
            while (start < end && HttpSyntax.isSpace(list.charAt(start))) {
                start++;
            }
            while (end > start && HttpSyntax.isSpace(list.charAt(end - 1))) {
                end--;
            }
            if (end - start == token.length() && list.regionMatches(true, start, token, 0, token.length())) {
                return true;
            }
        }
        return false;
    }

    /**
     * The elements of a comma-separated header, all of its lines together and in order (RFC 9110 §5.6.1); empty elements
     * are left out. For headers without quoted strings.
     *
     * @param name a header's name, in any case
     * @return the elements, without the spaces around them
     */
    public List<String> elements(String name) {
        List<String> elements = new ArrayList<>();
        for (String value : all(name)) {
            for (int from = 0; from <= value.length(); ) {
                int comma = value.indexOf(',', from);
                int end = comma < 0 ? value.length() : comma;
                String element = HttpSyntax.trim(value, from, end);
                if (!element.isEmpty()) {
                    elements.add(element);
                }
                from = end + 1;
            }
        }
        return List.copyOf(elements);
    }

    /**
     * The number of lines.
     *
     * @return 0 or more
     */
    public int size() {
        return lines.length / 2;
    }

    /**
     * Calls an action with each name and value, in order.
     *
     * @param action takes a name as it was written, and its value
     */
    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < lines.length; i += 2) {
            action.accept(lines[i], lines[i + 1]);
        }
    }

    /**
     * The headers as a map, for a host that writes the response itself.
     *
     * @return the values by name, in lower case, in the order in which the names first stand here
     */
    public Map<String, List<String>> toMap() {
        Map<String, List<String>> map = new LinkedHashMap<>();
        forEach((name, value) -> map.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                .add(value));
        map.replaceAll((name, values) -> List.copyOf(values));
        return map;
    }

    void writeTo(StringBuilder head) {
        for (int i = 0; i < lines.length; i += 2) {
            if (lines[i].charAt(0) == ':') {
                throw new IllegalStateException("the pseudo-header " + lines[i] + " cannot be written as HTTP/1.1");
            }
            head.append(lines[i]).append(": ").append(lines[i + 1]).append("\r\n");
        }
    }

    /**
     * Whether the other is the same list: the same values in the same order under the same names, whatever their case.
     *
     * @param other anything
     * @return whether it is
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
     * The lines for people and logs. Values that may be credentials are left out, by the names of their headers:
     * {@code Authorization}, {@code Cookie}, {@code X-Api-Key} and the like, the queries of {@code Location}, subprotocols that
     * look like tokens. Control characters are shown as question marks. {@link #forEach} has all values as they are.
     *
     * @return {@code Name: value}, one to a line
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach((name, value) -> text.append(name)
                .append(": ")
                .append(Redaction.header(name, value))
                .append('\n'));
        return text.toString();
    }

    /** Collects header lines. Not thread-safe. */
    public static final class Builder {
        private String[] lines = new String[24];
        private int length;

        private Builder() {}

        /**
         * Adds a line.
         *
         * @param name the header's name
         * @param value its value; spaces around it are dropped
         * @return this
         * @throws IllegalArgumentException if the name is not a token, or the value could not stand in a line
         */
        public Builder add(String name, String value) {
            HttpSyntax.requireToken("a header's name", name.startsWith(":") ? name.substring(1) : name);
            String trimmed = HttpSyntax.trim(value);
            int bad = HttpSyntax.endOfFieldText(trimmed);
            if (bad < trimmed.length()) {
                throw new IllegalArgumentException("the value of " + name + " holds a control character, or one above"
                        + " U+00FF, at character " + (bad + 1));
            }
            append(name, trimmed);
            return this;
        }

        /**
         * Adds all lines of another list.
         *
         * @param headers the lines
         * @return this
         */
        public Builder addAll(Headers headers) {
            headers.forEach(this::append);
            return this;
        }

        /**
         * Removes all lines of a name.
         *
         * @param name a header's name, in any case
         * @return this
         */
        public Builder remove(String name) {
            int kept = 0;
            for (int i = 0; i < length; i += 2) {
                if (!lines[i].equalsIgnoreCase(name)) {
                    lines[kept++] = lines[i];
                    lines[kept++] = lines[i + 1];
                }
            }
            length = kept;
            return this;
        }

        /** Adds a line that is known to be good. */
        void append(String name, String value) {
            if (length == lines.length) {
                lines = Arrays.copyOf(lines, 2 * length);
            }
            lines[length++] = name;
            lines[length++] = value;
        }

        int size() {
            return length / 2;
        }

        String lastValue() {
            return lines[length - 1];
        }

        void replaceLastValue(String value) {
            lines[length - 1] = value;
        }

        /**
         * The list.
         *
         * @return all lines that were added, in order
         */
        public Headers build() {
            return length == 0 ? EMPTY : new Headers(Arrays.copyOf(lines, length));
        }
    }
}
