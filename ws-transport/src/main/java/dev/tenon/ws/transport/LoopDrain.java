package dev.tenon.ws.transport;

import java.util.Iterator;
import java.util.concurrent.RejectedExecutionException;

/** Tells all that lives on a loop to end, some in each turn, so that the others are served meanwhile. */
final class LoopDrain implements Runnable {
    private static final int MOST_IN_A_TURN = 256;

    private final EventLoop loop;
    private final Iterator<SelectionHandler> rest;

    private LoopDrain(EventLoop loop) {
        this.loop = loop;
        this.rest = loop.beginDrain().iterator();
    }

    /** Begins on the loop. From any thread. */
    static void begin(EventLoop loop) {
        try {
            loop.execute(() -> new LoopDrain(loop).run());
        } catch (RejectedExecutionException stopped) {
            // there is nothing left to tell
        }
    }

    @Override
    public void run() {
        for (int i = 0; i < MOST_IN_A_TURN && rest.hasNext(); i++) {
            SelectionHandler handler = rest.next();
            try {
                handler.drain();
            } catch (Throwable e) {
                handler.failed(e);
            }
        }
        if (rest.hasNext()) {
            loop.execute(this);
        }
    }
}
