package dev.tenon.ws.deflate;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Idle codecs, shared by all connections of one provider. Holds at most as many of each kind as there are processors;
 * what comes back beyond that is ended. Thread-safe.
 */
final class CodecPool {
    private final int capacity = Runtime.getRuntime().availableProcessors();
    private final Deque<DeflateCodec> deflaters = new ArrayDeque<>();
    private final Deque<InflateCodec> inflaters = new ArrayDeque<>();

    DeflateCodec deflater() {
        synchronized (deflaters) {
            DeflateCodec idle = deflaters.pollFirst();
            if (idle != null) {
                return idle;
            }
        }
        return new DeflateCodec();
    }

    InflateCodec inflater() {
        synchronized (inflaters) {
            InflateCodec idle = inflaters.pollFirst();
            if (idle != null) {
                return idle;
            }
        }
        return new InflateCodec();
    }

    void release(DeflateCodec codec) {
        synchronized (deflaters) {
            if (deflaters.size() < capacity) {
                deflaters.addFirst(codec);
                return;
            }
        }
        codec.end();
    }

    void release(InflateCodec codec) {
        synchronized (inflaters) {
            if (inflaters.size() < capacity) {
                inflaters.addFirst(codec);
                return;
            }
        }
        codec.end();
    }
}
