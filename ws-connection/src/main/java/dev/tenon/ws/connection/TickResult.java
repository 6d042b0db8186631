package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.LimitViolation;
import dev.tenon.ws.frame.ProtocolException;
import java.time.Duration;

/** The actions that the deadlines of a connection cause. */
enum TickResult {
    NOTHING_DUE {
        @Override
        void carryOut(Connection connection) {}
    },
    /** The peer has been silent for the ping interval: sends a keepalive ping. */
    PING {
        @Override
        void carryOut(Connection connection) {
            if (connection.handshake().sends()) {
                connection.outbound().keepalive(Inbound.KEEPALIVE);
            }
        }
    },
    /** This end does not read, so it cannot answer pings: sends a heartbeat to show that it is alive. */
    HEARTBEAT {
        @Override
        void carryOut(Connection connection) {
            if (connection.handshake().sends()) {
                connection.outbound().heartbeat();
            }
        }
    },
    /** The peer has not ended the connection in time, and no bytes have moved. */
    CLOSE_TIMED_OUT {
        @Override
        void carryOut(Connection connection) {
            connection.handshake().timedOut();
        }
    },
    /** The peer has not answered a keepalive ping in time. */
    SILENT {
        @Override
        void carryOut(Connection connection) {
            connection.handshake().giveUp("the peer has not answered a keepalive ping in time");
        }
    },
    /** The peer accepts none of the waiting bytes. */
    WRITE_STALLED {
        @Override
        void carryOut(Connection connection) {
            Duration limit = connection.options().writeTimeout();
            connection.handshake().giveUp("the peer has accepted no waiting byte for " + limit);
        }
    },
    /** A message in assembly makes no progress. */
    MESSAGE_STALLED {
        @Override
        void carryOut(Connection connection) {
            Duration limit = connection.options().messageProgressTimeout();
            fail(connection, LimitViolation.MESSAGE_STALLED, limit);
        }
    },
    /** The assembly of a message takes too long. */
    MESSAGE_TOO_SLOW {
        @Override
        void carryOut(Connection connection) {
            Duration limit = connection.options().messageTimeout();
            fail(connection, LimitViolation.MESSAGE_TOO_SLOW, limit);
        }
    },
    /** No message has been sent or received for the idle timeout. */
    IDLE {
        @Override
        void carryOut(Connection connection) {
            connection.webSocket().close(CloseCode.GOING_AWAY, "idle");
        }
    };

    /** Performs the action. On the connection's thread, outside of any other call. */
    abstract void carryOut(Connection connection);

    private static void fail(Connection connection, LimitViolation violation, Duration limit) {
        connection.handshake().fail(new ProtocolException(violation, "the limit is " + limit));
        connection.inbound().release();
    }
}
