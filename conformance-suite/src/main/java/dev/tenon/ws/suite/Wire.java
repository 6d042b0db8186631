package dev.tenon.ws.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The suite's end of one connection or stream: heads first, frames after {@link #startFrames()}. One thread uses it.
 */
final class Wire implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    final Side peer;
    final Transcript transcript;
    private final Link link;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

    Wire(Link link, Side peer, Transcript transcript) {
        this.link = link;
        this.peer = peer;
        this.transcript = transcript;
    }

    /** The stream that carries this, or null if it is a connection of HTTP/1.1. */
    @Nullable
    StreamLink stream() {
        return link instanceof StreamLink stream ? stream : null;
    }

    /**
     * Reads an HTTP head with its empty line. Returns the received part if the peer ends before; throws at the
     * deadline.
     */
    String readHead(Duration deadline) throws IOException {
        String head = link.readHead(deadline);
        transcript.received(firstLine(head), head.strip());
        return head;
    }

    void sendHead(String head) throws IOException {
        sendHead(head, Integer.MAX_VALUE);
    }

    void sendHead(String head, int chunkLength) throws IOException {
        transcript.sentHead(firstLine(head), head.strip());
        send(head.getBytes(StandardCharsets.ISO_8859_1), chunkLength);
    }

    static String firstLine(String head) {
        return head.lines().findFirst().orElse("nothing");
    }

    /** Starts to read frames instead of heads. */
    void startFrames() throws IOException {
        Thread reader = new Thread(new FrameReader(link, arrivals), "suite-reader");
        reader.setDaemon(true);
        reader.start();
    }

    /** The next arrival, or null at the timeout. */
    @Nullable
    Arrival next(Duration timeout) throws InterruptedException {
        return arrivals.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Encodes for the role of the suite. */
    byte[] encode(WireFrame frame) {
        return frame.encode(!peer.masks(), RANDOM.nextInt());
    }

    /** Writes in pieces of {@code chunkLength} bytes, each in a packet or DATA frame of its own as far as that is possible. */
    void send(byte[] bytes, int chunkLength) throws IOException {
        for (byte[] piece : Octets.cut(bytes, chunkLength)) {
            link.write(piece);
        }
    }

    /** Ends this direction. */
    void shutdownOutput() {
        try {
            link.endOutput();
        } catch (IOException e) {
            transcript.note("the peer was gone already");
        }
    }

    @Override
    public void close() throws IOException {
        link.close();
    }
}
