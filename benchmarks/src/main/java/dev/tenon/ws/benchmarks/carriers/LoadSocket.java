package dev.tenon.ws.benchmarks.carriers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of a load: counts the bytes of echoes, all of the same length, and sends a new frame for each echo.
 * Frames are created and masked once, side by side, so that any number of them is a slice. Belongs to the channel's
 * event loop, except for the methods that the report calls.
 */
final class LoadSocket {
    private final ByteBuf frames;
    private final int frameLength;
    private final int answerLength;
    private final int depth;
    private final CountDownLatch open = new CountDownLatch(1);
    private @Nullable Channel channel;
    private @Nullable Consumer<ByteBuf> output;
    private int partial;
    private int due;
    private int inFlight;
    private boolean running;
    private volatile long messages;
    private volatile @Nullable CountDownLatch quiet;

    LoadSocket(int size, int depth) {
        this.depth = depth;
        int header = size < 126 ? 2 : 4;
        answerLength = header + size;
        frameLength = answerLength + 4;
        frames = Unpooled.directBuffer(frameLength * depth);
        for (int i = 0; i < depth; i++) {
            frames.writeByte(0x82);
            if (size < 126) {
                frames.writeByte(0x80 | size);
            } else {
                frames.writeByte(0x80 | 126).writeShort(size);
            }
            frames.writeInt(0x12345678);
            for (int j = 0; j < size; j++) {
                int maskingByte = 0x12345678 >>> ((3 - j % 4) * 8);
                frames.writeByte((j * 31) ^ maskingByte);
            }
        }
    }

    // On the event loop

    /** The handshake is over; {@code output} writes bytes and flushes them. */
    void opened(Channel opened, Consumer<ByteBuf> output) {
        channel = opened;
        this.output = output;
        open.countDown();
    }

    /** Counts received bytes of echoes. */
    void received(int bytes) {
        partial += bytes;
        int whole = partial / answerLength;
        partial -= whole * answerLength;
        due += whole;
    }

    /** Handles the end of a read: sends a message for each echo that it has brought. */
    void readComplete() {
        int back = due;
        if (back == 0) {
            return;
        }
        due = 0;
        long all = messages + back; // only one thread writes it
        messages = all;
        inFlight -= back;
        if (running) {
            send(back);
        } else {
            notifyIfQuiet();
        }
    }

    private void send(int count) {
        Consumer<ByteBuf> known = output;
        if (known != null && count > 0) {
            inFlight += count;
            known.accept(frames.retainedSlice(0, count * frameLength));
        }
    }

    private void notifyIfQuiet() {
        CountDownLatch waiting = quiet;
        if (waiting != null && inFlight == 0) {
            waiting.countDown();
        }
    }

    // From the report

    void awaitOpen() throws InterruptedException {
        if (!open.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the server has not taken a WebSocket within 20 s");
        }
    }

    void start() {
        loop(() -> {
            running = true;
            send(depth - inFlight);
        });
    }

    /** Sends exactly one message. */
    void sendOne() {
        loop(() -> send(1));
    }

    void stop() {
        CountDownLatch waiting = new CountDownLatch(1);
        quiet = waiting;
        loop(() -> {
            running = false;
            notifyIfQuiet();
        });
    }

    void awaitQuiet() throws InterruptedException {
        CountDownLatch waiting = quiet;
        if (waiting != null && !waiting.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("messages have not come back within 20 s");
        }
    }

    private void loop(Runnable task) {
        Channel known = channel;
        if (known == null) {
            throw new IllegalStateException("not open");
        }
        known.eventLoop().execute(task);
    }

    long messages() {
        return messages;
    }
}
