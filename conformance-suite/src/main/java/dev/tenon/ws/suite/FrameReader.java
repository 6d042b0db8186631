package dev.tenon.ws.suite;

import dev.tenon.ws.suite.Arrival.Ended;
import dev.tenon.ws.suite.Arrival.SeenFrame;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;

/** Reads valid and invalid frames on its own thread, so that the peer can always send. */
final class FrameReader implements Runnable {
    /** Longer than every message of a case: a longer length means that the frame boundaries are lost. */
    static final long LONGEST = 64L << 20;

    private final Link link;
    private final DataInputStream in;
    private final BlockingQueue<Arrival> arrivals;

    FrameReader(Link link, BlockingQueue<Arrival> arrivals) throws IOException {
        this.link = link;
        in = new DataInputStream(link.input());
        this.arrivals = arrivals;
    }

    @Override
    public void run() {
        Ended end = readAll();
        String stall = link.stall();
        arrivals.add(stall == null ? end : new Ended(stall, true)); // which is not an end that the peer has made
    }

    private Ended readAll() {
        try {
            for (int first = in.read(); first >= 0; first = in.read()) {
                arrivals.add(readFrame(in, first));
            }
            return new Ended("the peer has ended the connection", false);
        } catch (EOFException e) {
            return new Ended("the peer has ended the connection within a frame", true);
        } catch (TooLong e) {
            return new Ended("the peer has announced a frame of " + e.length + " bytes", true);
        } catch (IOException e) {
            return new Ended("the connection was reset: " + e.getMessage(), false);
        }
    }

    /** Reads the rest of a frame after its first byte. */
    static SeenFrame readFrame(DataInputStream in, int first) throws IOException {
        int second = in.readUnsignedByte();
        int lengthBytes = (second & 127) == 127 ? 8 : (second & 127) == 126 ? 2 : 0;
        long length = switch (lengthBytes) {
            case 8 -> in.readLong();
            case 2 -> in.readUnsignedShort();
            default -> second & 127;
        };
        if (length < 0 || length > LONGEST) {
            throw new TooLong(length);
        }
        boolean masked = (second & 128) != 0;
        int key = masked ? in.readInt() : 0;
        byte[] payload = in.readNBytes((int) length);
        if (payload.length < length) {
            throw new EOFException();
        }
        WireFrame.mask(payload, 0, masked ? payload.length : 0, key);
        return new SeenFrame(first, masked, key, lengthBytes, payload, System.nanoTime());
    }

    private static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;
        private final long length;

        TooLong(long length) {
            this.length = length;
        }
    }
}
