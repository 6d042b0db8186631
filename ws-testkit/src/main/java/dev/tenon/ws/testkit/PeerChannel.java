package dev.tenon.ws.testkit;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What lies between a scripted peer and the end under test. */
interface PeerChannel {
    /** Sends bytes. */
    void send(ByteBuffer bytes);

    /** The next bytes; empty if the end under test has ended its direction, null if nothing comes. */
    @Nullable
    ByteBuffer receive();

    /** Ends this direction. */
    void end();

    /** Lets time pass. */
    void advance(Duration time);

    /** Breaks the connection. */
    void close();
}
