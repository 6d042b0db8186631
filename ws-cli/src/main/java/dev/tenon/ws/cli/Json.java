package dev.tenon.ws.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes one JSON object, member by member. Not thread-safe. */
final class Json {
    private final StringBuilder text = new StringBuilder(256).append('{');

    Json put(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    Json put(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    /** A number with three digits behind the point. */
    Json put(String name, double value) {
        name(name);
        text.append(String.format(Locale.ROOT, "%.3f", value));
        return this;
    }

    Json put(String name, List<String> values) {
        name(name);
        text.append('[');
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            quote(values.get(i));
        }
        text.append(']');
        return this;
    }

    /** An object within this one, as it is now. */
    Json put(String name, Json value) {
        name(name);
        text.append(value);
        return this;
    }

    Json putAll(String name, List<Json> values) {
        name(name);
        text.append('[')
                .append(values.stream().map(Json::toString).collect(Collectors.joining(",")))
                .append(']');
        return this;
    }

    Json put(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    private void name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        quote(name);
        text.append(':');
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) { // an escape is valid for lone surrogates too
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    /** The whole object. */
    @Override
    public String toString() {
        return text + "}";
    }
}
