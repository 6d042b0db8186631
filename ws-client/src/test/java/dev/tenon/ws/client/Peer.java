package dev.tenon.ws.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server that runs a script for each connection, on a thread for each. */
final class Peer implements Closeable {
    /** The actions on a connection; when it returns, the connection is closed. */
    interface Script {
        void run(Socket socket) throws Exception;
    }

    /** The longest time that a script waits. */
    private static final int DEADLINE_MILLIS = 20_000;

    private final ServerSocket server;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    /** The heads of all requests, in the order of arrival. */
    final List<String> heads = new CopyOnWriteArrayList<>();

    private Peer(ServerSocket server, Script script) {
        this.server = server;
        this.script = script;
        start(this::accept);
    }

    static Peer start(Script script) throws IOException {
        return on(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), script);
    }

    static Peer on(ServerSocket server, Script script) {
        return new Peer(server, script);
    }

    static Peer at(String address, int port, Script script) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(address, port));
        return on(server, script);
    }

    private void start(Runnable run) {
        Thread thread = new Thread(run, "peer");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setSoTimeout(DEADLINE_MILLIS);
            script.run(socket);
        } catch (Exception ended) {
            // the client has left, or the test is over: only the client's result matters
        }
    }

    int port() {
        return server.getLocalPort();
    }

    String uri() {
        return "ws://127.0.0.1:" + port() + "/chat";
    }

    int accepted() {
        return sockets.size();
    }

    /** Reads a head, records it, and returns it. */
    String head(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("ended in a head");
            }
            head.write(b);
        }
        heads.add(head.toString(ISO_8859_1));
        return head.toString(ISO_8859_1);
    }

    static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    static String header(String head, String name) {
        Matcher matcher =
                Pattern.compile("(?im)^" + Pattern.quote(name) + ": *(.*)$").matcher(head);
        return matcher.find() ? matcher.group(1) : "";
    }

    static boolean has(String head, String name) {
        return head.toLowerCase(Locale.ROOT).contains("\r\n" + name.toLowerCase(Locale.ROOT) + ":");
    }

    /** The 101 for a request, with further lines, each with its line end. */
    static String upgrade(String head, String more) throws Exception {
        String key = header(head, "Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        String accept = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(key.getBytes(ISO_8859_1)));
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept + "\r\n" + more + "\r\n";
    }

    /** Upgrades, says "hi" in the same write, and waits for the client to end the connection. */
    void greet(Socket socket) throws Exception {
        greet(socket, head(socket), "");
    }

    static void greet(Socket socket, String head, String more) throws Exception {
        say(socket, upgrade(head, more) + "\u0081\u0002hi");
        drain(socket);
    }

    /** Reads until the client ends; a Close frame is not answered either. */
    static void drain(Socket socket) throws IOException {
        int first;
        do {
            first = socket.getInputStream().read();
        } while (first >= 0 && first != 0x88);
    }

    /** Reads one masked message that is a frame; null for a Close frame or the end of the stream. */
    static @Nullable String text(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int first = in.read();
        if (first < 0 || first == 0x88) {
            return null;
        }
        int length = in.readUnsignedByte() & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] key = in.readNBytes(4);
        byte[] payload = new byte[length];
        in.readFully(payload);
        for (int i = 0; i < length; i++) {
            payload[i] ^= key[i & 3];
        }
        String rest = (first & 0x80) == 0 ? text(socket) : "";
        return rest == null ? null : new String(payload, ISO_8859_1) + rest;
    }

    static String response(int status, String... headers) {
        StringBuilder response = new StringBuilder("HTTP/1.1 " + status + " Because\r\nContent-Length: 0\r\n");
        for (String header : headers) {
            response.append(header).append("\r\n");
        }
        return response.append("\r\n").toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        for (Thread thread : threads) {
            try {
                thread.join(DEADLINE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
