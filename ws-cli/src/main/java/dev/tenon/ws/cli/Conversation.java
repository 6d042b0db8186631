package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is typed goes out, what comes is printed, until either side ends it. */
final class Conversation implements WebSocketListener {
    private static final int SHOWN_BYTES = 32;
    private static final String HELP = """
            A line goes out as a text message; begin it with // for one that begins with a slash.
              /ping [TEXT]            sends a ping; the pong shows the time that it took
              /binary HEX             sends a binary message, such as /binary 48 65 6c 6c 6f
              /close [CODE [REASON]]  closes, with 1000 if there is no code; so does the end of the input
              /help                   shows this""";

    private final Terminal terminal;
    private final Duration quiet;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Semaphore writable = new Semaphore(0);
    private volatile @Nullable WebSocket peer;
    private volatile @Nullable CloseEvent end;
    private volatile long lastArrival;
    private volatile long pinged;
    private volatile boolean closing;

    Conversation(Terminal terminal, Duration quiet) {
        this.terminal = terminal;
        this.quiet = quiet;
    }

    /** Reads lines until there are none or the connection has ended; returns the tool's exit code. */
    int hold(BufferedReader lines) throws InterruptedException {
        Thread reader = new Thread(() -> read(lines), "tenon-input");
        reader.setDaemon(true); // it may sit in a read that nothing can end
        reader.start();
        closed.await();
        CloseEvent event = end;
        return event != null && event.wasClean() && event.cause() == null ? 0 : Problem.FAILED;
    }

    private void read(BufferedReader lines) {
        WebSocket open = peer;
        if (open == null) {
            return;
        }
        try {
            String line;
            while (!closing && (line = lines.readLine()) != null) {
                take(open, line);
            }
            if (!closing) {
                awaitQuiet();
                close(open, CloseCode.NORMAL_CLOSURE, "");
            }
        } catch (IOException e) {
            terminal.note("the input cannot be read: " + e.getMessage());
            close(open, CloseCode.GOING_AWAY, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers to what was sent may still be on their way: until nothing has come for some time. */
    private void awaitQuiet() throws InterruptedException {
        long begin = System.nanoTime();
        while (closed.getCount() > 0) {
            long since = Math.max(begin, lastArrival);
            long left = quiet.toNanos() - (System.nanoTime() - since);
            if (left <= 0 || closed.await(left, TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }

    private void take(WebSocket open, String line) throws InterruptedException {
        if (!line.startsWith("/")) {
            sendText(open, line);
        } else if (line.startsWith("//")) {
            sendText(open, line.substring(1));
        } else {
            String[] words = line.split("\\s+", 2);
            command(open, words[0], words.length < 2 ? "" : words[1].strip());
        }
    }

    private void command(WebSocket open, String name, String rest) throws InterruptedException {
        try {
            switch (name.toLowerCase(Locale.ROOT)) {
                case "/ping" -> {
                    pinged = System.nanoTime();
                    await(open, open.sendPing(ByteBuffer.wrap(rest.getBytes(StandardCharsets.UTF_8))));
                }
                case "/binary" -> {
                    byte[] bytes = HexFormat.of().parseHex(rest.replace(" ", ""));
                    await(open, open.trySend(Message.binary(ByteBuffer.wrap(bytes))));
                }
                case "/close" -> close(open, rest);
                case "/help" -> terminal.help(HELP);
                default -> terminal.note(name + " is no command: /help tells all; begin with // to send a slash");
            }
        } catch (IllegalArgumentException e) {
            terminal.note(name + ": " + e.getMessage());
        }
    }

    private void close(WebSocket open, String rest) {
        String[] words = rest.split("\\s+", 2);
        if (rest.isEmpty()) {
            close(open, CloseCode.NORMAL_CLOSURE, "");
        } else if (words[0].matches("\\d{4}")) {
            close(open, new CloseCode(Integer.parseInt(words[0])), words.length < 2 ? "" : words[1]);
        } else {
            terminal.note("/close CODE REASON: the code is 1000, or 3000 to 4999, not " + words[0]);
        }
    }

    private void close(WebSocket open, CloseCode code, String reason) {
        open.close(code, reason);
        closing = true;
    }

    private void sendText(WebSocket open, String text) throws InterruptedException {
        while (open.trySend(Message.text(text)) == SendResult.REFUSED && open.readyState() == ReadyState.OPEN) {
            writable.acquire();
        }
        writable.drainPermits();
    }

    private void await(WebSocket open, SendResult result) throws InterruptedException {
        if (result == SendResult.REFUSED && open.readyState() == ReadyState.OPEN) {
            writable.acquire();
            terminal.note("not sent, the peer was too slow: say it again");
        }
    }

    // What the peer does

    @Override
    public void onOpen(WebSocket webSocket) {
        peer = webSocket;
        lastArrival = System.nanoTime();
        String extensions = webSocket.extensions().isEmpty() ? "" : " with " + webSocket.extensions();
        String subprotocol = webSocket.subprotocol().isEmpty() ? "" : ", subprotocol " + webSocket.subprotocol();
        terminal.note("connected to " + webSocket.url() + extensions + subprotocol
                + (terminal.interactive() ? "; /help tells the commands" : ""));
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        lastArrival = System.nanoTime();
        terminal.arrived(text);
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        lastArrival = System.nanoTime();
        int length = data.remaining();
        byte[] shown = new byte[Math.min(length, SHOWN_BYTES)];
        data.get(shown);
        terminal.arrived("binary, " + length + " bytes: " + HexFormat.of().formatHex(shown)
                + (length > SHOWN_BYTES ? "..." : ""));
    }

    @Override
    public void onPong(WebSocket webSocket, ByteBuffer payload) {
        lastArrival = System.nanoTime();
        String text = StandardCharsets.UTF_8.decode(payload).toString();
        double millis = (System.nanoTime() - pinged) / 1e6;
        terminal.note("pong" + (text.isEmpty() ? "" : " \"" + Terminal.escaped(text) + "\"")
                + String.format(Locale.ROOT, " after %.1f ms", millis));
    }

    @Override
    public void onWritable(WebSocket webSocket) {
        writable.release();
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        end = event;
        closing = true;
        Throwable cause = event.cause();
        terminal.note("closed: " + event.code()
                + (event.reason().isEmpty() ? "" : " \"" + Terminal.escaped(event.reason()) + "\"")
                + (event.wasClean() ? "" : ", without a closing handshake")
                + (cause == null ? "" : ": " + cause.getMessage()));
        writable.release();
        closed.countDown();
    }
}
