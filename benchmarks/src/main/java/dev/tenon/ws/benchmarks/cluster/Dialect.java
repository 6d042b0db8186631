package dev.tenon.ws.benchmarks.cluster;

import org.jspecify.annotations.Nullable;

/** The protocol by which the clients of a server enter the room, publish, and receive messages. */
enum Dialect {
    /** The chat of {@code examples/cluster}. */
    TENON {
        @Override
        String path(int member) {
            return "/rooms/oak?name=member-" + member;
        }

        @Override
        boolean isReady(String text) {
            return text.contains("\"recovered\":");
        }

        @Override
        String publish(long number, String content) {
            return number + " " + content;
        }

        @Override
        @Nullable
        String content(String text) {
            return between(text, "\"d\":\"");
        }
    },
    /** An event {@code m} of Socket.IO 4, over WebSocket only. */
    SOCKET_IO {
        @Override
        String path(int member) {
            return "/socket.io/?EIO=4&transport=websocket";
        }

        @Override
        boolean isReady(String text) {
            return text.startsWith("40");
        }

        @Override
        @Nullable
        String response(String text) {
            return text.startsWith("0") ? "40" : text.equals("2") ? "3" : null;
        }

        @Override
        String publish(long number, String content) {
            return "42[\"m\",\"" + content + "\"]";
        }

        @Override
        @Nullable
        String content(String text) {
            return text.startsWith("42[\"m\",\"") ? between(text, "42[\"m\",\"") : null;
        }
    },
    /** Texts without an envelope. */
    PLAIN {
        @Override
        String path(int member) {
            return "/";
        }

        @Override
        boolean isReady(String text) {
            return text.equals("ready");
        }

        @Override
        String publish(long number, String content) {
            return content;
        }

        @Override
        String content(String text) {
            return text;
        }
    };

    abstract String path(int member);

    /** Whether a text says that the client is in the room. */
    abstract boolean isReady(String text);

    /** Returns the client's reply to a text of the protocol itself; null if there is none. */
    @Nullable
    String response(String text) {
        return null;
    }

    abstract String publish(long number, String content);

    /** Returns the published message; null if the text belongs to the protocol itself. */
    abstract @Nullable String content(String text);

    private static @Nullable String between(String text, String start) {
        int from = text.indexOf(start);
        return from < 0 ? null : text.substring(from + start.length(), text.indexOf('"', from + start.length()));
    }
}
