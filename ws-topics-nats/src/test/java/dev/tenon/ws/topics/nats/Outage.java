package dev.tenon.ws.topics.nats;

import io.nats.client.Connection;
import java.util.concurrent.TimeUnit;

/** The ways in which a NATS server stops and comes back. */
enum Outage {
    /** It ends regularly, and is started again. */
    STOP,
    /** It is killed, and started again. */
    KILL,
    /** Its process is paused, and continues later. */
    PAUSE;

    /** Starts the outage; returns when the client has noticed it. */
    void begin(NatsServer server, Connection connection) throws Exception {
        switch (this) {
            case STOP -> server.stop();
            case KILL -> server.kill();
            case PAUSE -> server.pause();
        }
        await(connection, false);
    }

    void end(NatsServer server) throws Exception {
        if (this == PAUSE) {
            server.resume();
        } else {
            server.startAgain();
        }
    }

    static void await(Connection connection, boolean connected) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (connected != (connection.getStatus() == Connection.Status.CONNECTED)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the client of NATS has not noticed");
            }
            Thread.onSpinWait();
        }
    }
}
