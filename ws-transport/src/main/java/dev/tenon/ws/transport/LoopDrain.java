package dev.tenon.ws.transport;

import java.util.Iterator;
import java.util.concurrent.RejectedExecutionException;

/** Asks all links and acceptors of a loop to end, some in each turn, so that the loop keeps serving the others. */
final class LoopDrain implements Runnable {
    private static final int MOST_IN_A_TURN = 256;

    private final EventLoop loop;
    private final Iterator<SelectionHandler> rest;

    private LoopDrain(EventLoop loop) {
        this.loop = loop;
        this.rest = loop.beginDrain().iterator();
    }

    /** Starts to drain a loop. From any thread. */
    static void start(EventLoop loop) {
        try {
            loop.execute(() -> new LoopDrain(loop).run());
        } catch (RejectedExecutionException stopped) {
            // the loop has ended
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
