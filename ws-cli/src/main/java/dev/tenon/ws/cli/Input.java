package dev.tenon.ws.cli;

import java.io.IOException;

/** The input that a conversation sends, piece by piece. */
@FunctionalInterface
interface Input {
    /** Waits for the next piece and sends it; returns false at the end. */
    boolean next(Conversation conversation) throws IOException, InterruptedException;
}
