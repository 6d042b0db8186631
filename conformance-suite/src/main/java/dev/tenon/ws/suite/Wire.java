package dev.tenon.ws.suite;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The suite's end of one TCP connection: heads first, frames after {@link #startFrames()}. For one thread. */
final class Wire implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LONGEST_HEAD = 16 * 1024;

    final Side peer;
    final Transcript transcript;
    private final Socket socket;
    private final InputStream in;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

    Wire(Socket socket, Side peer, Transcript transcript) throws IOException {
        this.socket = socket;
        this.peer = peer;
        this.transcript = transcript;
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /**
     * Reads an HTTP head with its empty line. Returns the received part if the peer ends before; throws at the
     * deadline.
     */
    String readHead(Duration deadline) throws IOException {
        socket.setSoTimeout((int) deadline.toMillis());
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0 && head.length() < LONGEST_HEAD) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        socket.setSoTimeout(0);
        transcript.received(firstLine(head.toString()), head.toString().strip());
        return head.toString();
    }

    void sendHead(String head) throws IOException {
        sendHead(head, Integer.MAX_VALUE);
    }

    void sendHead(String head, int chop) throws IOException {
        transcript.sentHead(firstLine(head), head.strip());
        send(head.getBytes(StandardCharsets.ISO_8859_1), chop);
    }

    static String firstLine(String head) {
        return head.lines().findFirst().orElse("nothing");
    }

    /** Begins to read frames. */
    void startFrames() {
        Thread reader = new Thread(new FrameReader(in, arrivals), "suite-reader");
        reader.setDaemon(true);
        reader.start();
    }

    /** The next arrival, or null at the timeout. */
    @Nullable
    Arrival next(Duration patience) throws InterruptedException {
        return arrivals.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Encodes for the role of the suite. */
    byte[] encode(WireFrame frame) {
        return frame.encode(!peer.masks(), RANDOM.nextInt());
    }

    /** Writes in pieces of {@code chop} bytes, each in its own packet if TCP allows. */
    void send(byte[] bytes, int chop) throws IOException {
        for (byte[] piece : Octets.cut(bytes, chop)) {
            socket.getOutputStream().write(piece);
        }
    }

    /** Ends this direction. */
    void shutdownOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            transcript.note("the peer was gone already");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
