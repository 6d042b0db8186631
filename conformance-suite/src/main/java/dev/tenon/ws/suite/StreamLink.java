package dev.tenon.ws.suite;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A stream of HTTP/2 or HTTP/3 that carries a WebSocket, and the peer's frames on it. Its connection adds events on a
 * thread of its own.
 */
abstract class StreamLink implements Link {

    /** A frame or end that the peer has sent on a stream. */
    sealed interface Event {
        /** A head. */
        record Headers(List<Field> fields, boolean last) implements Event {}

        /** Content of a DATA frame. */
        @SuppressWarnings("ArrayRecordComponent") // no record of this type is compared with another
        record Data(byte[] bytes, boolean last) implements Event {}

        /** A reset of the stream. */
        record Reset(String how) implements Event {}

        /** The end of the connection. */
        record Over(String how) implements Event {}
    }

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private boolean inputEnded;
    private List<Field> head = List.of();

    // What the connection adds

    final void add(Event event) {
        events.add(event);
    }

    void over(String how) {
        add(new Event.Over(how));
    }

    // What the suite does

    /** The rules of this version of HTTP. */
    abstract StreamRules rules();

    /** The value of SETTINGS_ENABLE_CONNECT_PROTOCOL that the server has announced, or -1. */
    abstract int announcement();

    /** Sends a head in one frame. */
    abstract void open(List<Field> fields, boolean last) throws IOException;

    /** Returns the next event, or null at the timeout. */
    @Nullable
    final Event next(Duration deadline) throws IOException {
        try {
            return events.poll(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Returns the fields of the head that was read last. */
    final List<Field> head() {
        return head;
    }

    /** Returns a head in the form of HTTP/1.1, with its status, or its method and path, in the first line. */
    @Override
    public final String readHead(Duration deadline) throws IOException {
        while (true) {
            Event event = next(deadline);
            if (event == null) {
                throw new SocketTimeoutException("no response within " + deadline.toMillis() + " ms");
            }
            if (!(event instanceof Event.Headers headers)) {
                events.add(event); // the end, after which no event comes
                return "";
            }
            inputEnded = headers.last();
            head = headers.fields();
            String text = text(head);
            if (!text.startsWith(rules().version() + " 1")) { // RFC 9110 §15.2: an interim response
                return text;
            }
        }
    }

    private String text(List<Field> fields) {
        String version = rules().version();
        String method = value(fields, ":method");
        String first = method.isEmpty()
                ? version + " " + value(fields, ":status")
                : method + " " + value(fields, ":path") + " " + version;
        return first + fields.stream().map(field -> "\r\n" + field).collect(Collectors.joining()) + "\r\n\r\n";
    }

    private static String value(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .findFirst()
                .orElse("");
    }

    @Override
    public final InputStream input() {
        return new Content();
    }

    /** The contents of the DATA frames in order. */
    private final class Content extends InputStream {
        private byte[] bytes = new byte[0];
        private int at;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            while (length > 0 && at == bytes.length) {
                if (inputEnded) {
                    return -1;
                }
                take();
            }
            int taken = Math.min(length, bytes.length - at);
            System.arraycopy(bytes, at, to, offset, taken);
            at += taken;
            return taken;
        }

        private void take() throws IOException {
            Event event;
            try {
                event = events.take();
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
            if (event instanceof Event.Data data) {
                bytes = data.bytes();
                at = 0;
                inputEnded = data.last();
            } else if (event instanceof Event.Headers headers) {
                throw new IOException("the peer has sent a second head: " + headers.fields());
            } else if (event instanceof Event.Reset reset) {
                throw new IOException(reset.how());
            } else if (event instanceof Event.Over over) {
                throw new IOException(over.how());
            }
        }
    }
}
