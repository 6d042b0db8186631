package dev.tenon.ws.site;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON as maps, lists, strings, doubles and booleans: files of this repository, so that no library is needed. */
final class JsonValue {
    private final String text;
    private int at;

    private JsonValue(String text) {
        this.text = text;
    }

    /** Parses a text that is one JSON value. */
    static Object parse(String text) throws IOException {
        JsonValue reader = new JsonValue(text);
        try {
            Object value = reader.value();
            reader.skipSpace();
            if (reader.at < text.length()) {
                throw reader.wrong("more than one value");
            }
            return value;
        } catch (StringIndexOutOfBoundsException e) {
            throw new IOException("the JSON ends too early", e);
        }
    }

    /** Returns a required member. */
    static Object member(Map<?, ?> object, String name) {
        Object value = object.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the JSON lacks \"" + name + "\"");
        }
        return value;
    }

    private IOException wrong(String what) {
        return new IOException(what + " at character " + at + " of the JSON");
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean skip(char expected) {
        skipSpace();
        if (text.charAt(at) != expected) {
            return false;
        }
        at++;
        return true;
    }

    private void require(char expected) throws IOException {
        if (!skip(expected)) {
            throw wrong("no '" + expected + "'");
        }
    }

    private Object value() throws IOException {
        skipSpace();
        char first = text.charAt(at);
        return switch (first) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, Object> object() throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        require('{');
        if (skip('}')) {
            return object;
        }
        do {
            skipSpace();
            String name = string();
            require(':');
            object.put(name, value());
        } while (skip(','));
        require('}');
        return object;
    }

    private List<Object> list() throws IOException {
        List<Object> list = new ArrayList<>();
        require('[');
        if (skip(']')) {
            return list;
        }
        do {
            list.add(value());
        } while (skip(','));
        require(']');
        return list;
    }

    private String string() throws IOException {
        require('"');
        StringBuilder string = new StringBuilder();
        for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
            string.append(c == '\\' ? escape() : c);
        }
        return string.toString();
    }

    private char escape() throws IOException {
        char c = text.charAt(at++);
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            case '"', '\\', '/' -> c;
            default -> throw wrong("an escape that is not known");
        };
    }

    private Object word() throws IOException {
        int start = at;
        while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        if (word.equals("true") || word.equals("false")) {
            return Boolean.valueOf(word);
        }
        try {
            return Double.valueOf(word);
        } catch (NumberFormatException e) {
            throw wrong("'" + word + "'");
        }
    }
}
