package dev.tenon.ws.client.jdk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.HttpHeadParser;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A server for one connection, which runs a script on a thread of its own. */
final class Peer implements Closeable {
    /** The actions on the connection; when it returns, the connection is closed. */
    interface Script {
        void run(Peer peer) throws Exception;
    }

    private static final int DEADLINE_MILLIS = 20_000;

    private final ServerSocket server;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile Socket socket = new Socket();

    Peer(Script script) throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(() -> play(script), "peer");
        thread.setDaemon(true);
        thread.start();
    }

    private void play(Script script) {
        try (Socket accepted = server.accept()) {
            socket = accepted;
            accepted.setSoTimeout(DEADLINE_MILLIS);
            script.run(this);
            done.complete(null);
        } catch (Exception | Error failed) {
            done.completeExceptionally(failed);
        }
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/");
    }

    /** Completes when the script has ended, with its exception if it has thrown one. */
    CompletableFuture<Void> done() {
        return done;
    }

    /** Reads and accepts the opening handshake. */
    Peer upgrade() throws IOException {
        ServerHandshake handshake = new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.any());
        ByteBuffer response = handshake
                .accept(handshake.check(request(), false, null))
                .response()
                .encode();
        byte[] bytes = new byte[response.remaining()];
        response.get(bytes);
        socket.getOutputStream().write(bytes);
        return this;
    }

    HttpRequest request() throws IOException {
        HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(HeadLimits.DEFAULT);
        while (true) {
            int b = in().read();
            if (b < 0) {
                throw new IOException("ended in a head");
            }
            HttpRequest request = parser.parse(ByteBuffer.wrap(new byte[] {(byte) b}));
            if (request != null) {
                return request;
            }
        }
    }

    private InputStream in() throws IOException {
        return socket.getInputStream();
    }

    Peer say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        return this;
    }

    /** Sends bytes as they are: frames. */
    Peer send(String hex) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
        return this;
    }

    /** Reads one masked frame: its first byte and its payload, which is short, in hexadecimal. */
    String frame() throws IOException {
        int first = in().read();
        int length = in().read() & 0x7f;
        byte[] key = in().readNBytes(4);
        byte[] payload = in().readNBytes(length);
        for (int i = 0; i < length; i++) {
            payload[i] ^= key[i & 3];
        }
        return HexFormat.of().formatHex(new byte[] {(byte) first}) + " "
                + HexFormat.of().formatHex(payload);
    }

    /** Ends this direction. */
    Peer end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads until the client ends the connection, or has reset it. */
    void drain() {
        try {
            in().readAllBytes();
        } catch (IOException reset) {
            // also a regular end for a peer that waits for the end
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        socket.close();
    }
}
