package dev.tenon.ws.cli;

import java.io.IOException;

/** What goes out, piece by piece. */
@FunctionalInterface
interface Input {
    /** Waits for the next piece and has it sent; returns false at the end. */
    boolean next(Conversation conversation) throws IOException, InterruptedException;
}
