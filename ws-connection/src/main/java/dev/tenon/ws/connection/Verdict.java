package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.LimitViolation;
import dev.tenon.ws.frame.ProtocolException;
import java.time.Duration;

/** What the deadlines of a connection call for at a point of time, and how it is done. */
enum Verdict {
    NOTHING_DUE {
        @Override
        void carryOut(Connection connection) {}
    },
    /** The peer has been silent for long: it is asked whether it is there. */
    PING {
        @Override
        void carryOut(Connection connection) {
            if (connection.handshake().sends()) {
                connection.outbound().keepalive(Inbound.KEEPALIVE);
            }
        }
    },
    /** This end does not read, so it cannot answer pings: it says that it is there. */
    HEARTBEAT {
        @Override
        void carryOut(Connection connection) {
            if (connection.handshake().sends()) {
                connection.outbound().heartbeat();
            }
        }
    },
    /** The peer has not ended the connection in time, nor has anything moved that was sent before. */
    CLOSE_TIMED_OUT {
        @Override
        void carryOut(Connection connection) {
            connection.handshake().timedOut();
        }
    },
    /** The peer has not answered in time. */
    SILENT {
        @Override
        void carryOut(Connection connection) {
            connection.handshake().giveUp("the peer has not answered a keepalive ping in time");
        }
    },
    /** The peer takes nothing of what waits. */
    WRITE_STALLED {
        @Override
        void carryOut(Connection connection) {
            Duration limit = connection.options().writeTimeout();
            connection.handshake().giveUp("the peer has taken nothing of what waits for " + limit);
        }
    },
    /** A message has begun to come and does not go on. */
    MESSAGE_STALLED {
        @Override
        void carryOut(Connection connection) {
            Duration limit = connection.options().messageProgressTimeout();
            fail(connection, LimitViolation.MESSAGE_STALLED, limit);
        }
    },
    /** A message has been coming for too long. */
    MESSAGE_TOO_SLOW {
        @Override
        void carryOut(Connection connection) {
            Duration limit = connection.options().messageTimeout();
            fail(connection, LimitViolation.MESSAGE_TOO_SLOW, limit);
        }
    },
    /** No message has gone either way. */
    IDLE {
        @Override
        void carryOut(Connection connection) {
            connection.webSocket().close(CloseCode.GOING_AWAY, "idle");
        }
    };

    /** Does what is due. On the connection's thread, outside of any other call. */
    abstract void carryOut(Connection connection);

    private static void fail(Connection connection, LimitViolation violation, Duration limit) {
        connection.handshake().fail(new ProtocolException(violation, "the limit is " + limit));
        connection.inbound().release();
    }
}
