package dev.tenon.ws.conformance.peers;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The JDK's own WebSocket client, with a deadline on everything. */
final class JdkClient implements WebSocket.Listener, AutoCloseable {
    private static final int DEADLINE = 20;

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final Semaphore pings = new Semaphore(0);
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder binary = new StringBuilder();
    private final WebSocket socket;

    private JdkClient(HttpClient http, URI uri, String... headers) {
        WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(DEADLINE));
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        socket = builder.buildAsync(uri, this).orTimeout(DEADLINE, SECONDS).join();
    }

    static JdkClient connect(HttpClient http, String uri, String... headers) {
        return new JdkClient(http, URI.create(uri), headers);
    }

    /** Checks that small, large and fragmented messages come back unchanged. */
    void checkEchoes() throws Exception {
        echoesText("");
        echoesText("gr\u00fc\u00df dich, \u20ac und \uD83D\uDE00");
        for (int length : new int[] {0, 1, 125, 126, 127, 65_535, 65_536, 700_000}) {
            echoesBinary(length);
        }
        echoesText("x\u00e9".repeat(150_000));
        echoesFragments();
    }

    void echoesText(String message) throws Exception {
        sent(socket.sendText(message, true));
        assertEquals(message, next());
    }

    private void echoesBinary(int length) throws Exception {
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) (i * 31 + i / 251);
        }
        sent(socket.sendBinary(ByteBuffer.wrap(message), true));
        assertEquals(HexFormat.of().formatHex(message), next());
    }

    private void echoesFragments() throws Exception {
        sent(socket.sendText("one, ", false));
        sent(socket.sendPing(ByteBuffer.wrap(new byte[] {1, 2, 3})));
        sent(socket.sendText("", false));
        sent(socket.sendText("two, ".repeat(20_000), false));
        sent(socket.sendText("three", true));
        assertEquals("pong 010203", next());
        assertEquals("one, " + "two, ".repeat(20_000) + "three", next());
    }

    /** Performs the closing handshake, started by this end; the response repeats the code. */
    void checkClose(int code, String reason) throws Exception {
        sent(socket.sendClose(code, reason));
        assertEquals(code, Integer.parseInt(closed().split(" ", 2)[0]));
    }

    void sendText(String message) throws Exception {
        sent(socket.sendText(message, true));
    }

    String next() throws InterruptedException {
        return String.valueOf(messages.poll(DEADLINE, SECONDS));
    }

    /** Returns the code and reason of the Close frame. */
    String closed() throws Exception {
        return closed.get(DEADLINE, SECONDS);
    }

    boolean awaitPings(int count) throws InterruptedException {
        return pings.tryAcquire(count, DEADLINE, SECONDS);
    }

    private static void sent(CompletableFuture<WebSocket> sent) throws Exception {
        sent.get(DEADLINE, SECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        return take(webSocket, text, last);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        binary.append(hex(data));
        return take(webSocket, binary, last);
    }

    private @Nullable CompletionStage<?> take(WebSocket webSocket, StringBuilder message, boolean last) {
        if (last) {
            messages.add(message.toString());
            message.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
        pings.release();
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
        messages.add("pong " + hex(message));
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return HexFormat.of().formatHex(copy);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
