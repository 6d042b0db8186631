package dev.tenon.ws.testkit;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The channel between a scripted peer and the end under test. */
interface PeerChannel {
    /** Sends bytes. */
    void send(ByteBuffer bytes);

    /** The calls of {@link #receive} until the next call of this method together wait for one timeout at most. */
    void beginStep();

    /** The next bytes; empty if the end under test has ended its direction, null if there are none. */
    @Nullable
    ByteBuffer receive();

    /** Ends this direction. */
    void end();

    /** Advances the clock. */
    void advance(Duration time);

    /** Breaks the connection. */
    void close();
}
