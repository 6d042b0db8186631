package dev.tenon.ws.conformance.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.conformance.faults.SoakCounters.ClientAction;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A group of 200 slow readers beside the other clients of a {@link Soak}. One publisher numbers its messages. One
 * reader reads at once and must receive every message in order. The slow readers have a receive buffer of 128 KiB: 20
 * of them read a few frames from time to time, the others none, and one of them is replaced with each batch. Their
 * messages must be in order too; the server leaves out those that exceed their limit.
 */
final class SoakBroadcast implements Soak.Actor {
    private static final int SLOW_READERS = 200;
    /** The number of slow readers that read a few frames from time to time. */
    private static final int READING = 20;

    /**
     * With a smaller buffer this end's kernel would not announce new room, because it waits until a whole segment fits.
     */
    private static final int RECEIVE_BUFFER = 128 * 1024;
    /** The number of messages that are published before the fast reader has received the first of them. */
    private static final int IN_FLIGHT = 2;

    /** The length of the longest message that fits into one frame. */
    private static final int LONGEST = 60_000;
    /**
     * The number of slow readers that read between two batches of the publisher, and the most frames that each of them
     * reads.
     */
    private static final int SLOW_READS = 5;

    private static final int MOST_FRAMES = 20;

    private final FaultProcess server;
    private final SoakCounters counters;
    private final Random random;
    private final RawPeer publisher;
    private final Reader quick;
    private final List<Reader> slow = new ArrayList<>();
    private long published;

    SoakBroadcast(FaultProcess server, Random random, SoakCounters counters) throws IOException {
        this.server = server;
        this.random = random;
        this.counters = counters;
        this.publisher = new RawPeer(server.port, null);
        this.quick = new Reader(new RawPeer(server.port, null));
        try {
            publisher.send(request());
            publisher.head();
            quick.enter();
            for (int i = 0; i < SLOW_READERS; i++) {
                slow.add(slowReader());
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Reader slowReader() throws IOException {
        Reader reader = new Reader(new RawPeer(server.port, null, RECEIVE_BUFFER));
        try {
            reader.enter();
        } catch (IOException e) {
            reader.peer.close();
            throw e;
        }
        return reader;
    }

    private static String request() {
        return RawPeer.request().replaceFirst("/ws", "/broadcast");
    }

    /** One subscriber, and the number of the last message that it has received. */
    private final class Reader {
        final RawPeer peer;
        long last = -1;

        Reader(RawPeer peer) {
            this.peer = peer;
        }

        void enter() throws IOException {
            peer.send(request());
            String head = peer.head();
            if (!head.startsWith("HTTP/1.1 101 ")) {
                throw new IOException("refused: " + head);
            }
            peer.send(Frame.text("enter"));
            Frame entered = peer.frame();
            if (!UTF_8.decode(entered.payload()).toString().equals("entered")) {
                throw new IOException("not the first frame of a subscriber: " + entered);
            }
        }

        boolean hasMore() throws IOException {
            return peer.in.available() > 0;
        }

        /** Reads a message, or answers a ping; returns how many messages are missing before it. */
        long next() throws IOException {
            Frame frame = peer.frame();
            if (frame.firstByte().opcode() == Opcode.PING) {
                peer.send(new Frame(FirstByte.of(true, Opcode.PONG), frame.payload()));
                return 0;
            }
            if (frame.firstByte().opcode() != Opcode.TEXT) {
                throw new IOException("a subscriber has got " + frame);
            }
            String text = UTF_8.decode(frame.payload()).toString();
            long number = Long.parseLong(text.substring(0, text.indexOf(' ')));
            if (number <= last) {
                throw new IOException("message " + number + " has come behind message " + last);
            }
            long left = number - last - 1;
            last = number;
            counters.count(ClientAction.HEARD);
            counters.compared(text.length());
            return left;
        }
    }

    /** Publishes a batch, reads all of it with the fast reader, and some of it with some of the slow ones. */
    @Override
    public void act() throws IOException {
        publish();
        while (quick.last < published - 1) {
            if (quick.next() != 0) {
                throw new IOException("the quick reader has missed messages before " + quick.last);
            }
        }
        for (int i = 0; i < SLOW_READS; i++) {
            int index = random.nextInt(READING);
            if (!readSome(slow.get(index))) {
                replace(index);
            }
        }
        replace(random.nextInt(SLOW_READERS));
    }

    private void publish() throws IOException {
        while (publisher.in.available() > 0) { // the server has sent a ping
            publisher.send(
                    new Frame(FirstByte.of(true, Opcode.PONG), publisher.frame().payload()));
        }
        for (int i = 0; i < IN_FLIGHT; i++) {
            publisher.send(Frame.text(published + " " + "-".repeat(random.nextInt(LONGEST))));
            published++;
            counters.count(ClientAction.PUBLISHED);
        }
    }

    /** Returns false if the server has ended the connection, because this reader was too slow for too long. */
    private boolean readSome(Reader reader) throws IOException {
        for (int frames = 0; frames < MOST_FRAMES && reader.hasMore(); frames++) {
            try {
                if (reader.next() > 0) {
                    counters.count(ClientAction.DROPPED);
                }
            } catch (EOFException | SocketException ended) {
                return false;
            }
        }
        return true;
    }

    private void replace(int index) throws IOException {
        slow.get(index).peer.reset();
        slow.set(index, slowReader());
    }

    @Override
    public void close() throws IOException {
        publisher.close();
        quick.peer.close();
        for (Reader reader : slow) {
            reader.peer.close();
        }
    }
}
