package dev.tenon.ws.suite;

import java.io.IOException;
import java.time.Duration;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections of QUIC (RFC 9000), which the JDK does not have. The suite speaks HTTP/3 over them. A module that
 * has a library for QUIC provides this as a service.
 */
public interface QuicConnector {

    /**
     * Opens a connection.
     *
     * @param host the host name or address of the server, for which its certificate must be
     * @param port the server's UDP port
     * @param protocol the only protocol in the ALPN list
     * @param trust decides which certificates are trusted; null for the trust store of the JDK
     * @param timeout for the handshake, and for each write to a stream
     * @param listener called on a thread of the library; its methods do not block
     * @return the open connection
     * @throws IOException if the connection cannot be opened
     */
    Connection connect(
            String host, int port, String protocol, @Nullable TrustManager trust, Duration timeout, Listener listener)
            throws IOException;

    /** An open connection. */
    interface Connection {
        /**
         * Opens a stream in both directions.
         *
         * @param receiver receives what the server sends on it
         * @return the stream
         * @throws IOException if the connection or the number of streams does not allow it
         */
        Stream openStream(Receiver receiver) throws IOException;

        /**
         * Opens a stream in this direction only.
         *
         * @return the stream
         * @throws IOException if the connection or the number of streams does not allow it
         */
        Stream openUnidirectionalStream() throws IOException;

        /**
         * Closes the connection, and notifies the server.
         *
         * @param code the error code of the application
         */
        void close(long code);
    }

    /** This end of a stream. */
    interface Stream {
        /**
         * Writes bytes, in a packet of their own as far as that is possible. Returns when the library has accepted all
         * of them, which depends on the window.
         *
         * @param bytes the bytes
         * @throws IOException if the stream is over, or the server does not enlarge the window in time
         */
        void write(byte[] bytes) throws IOException;

        /**
         * Ends this direction.
         *
         * @throws IOException if the stream is over
         */
        void end() throws IOException;

        /**
         * Resets this direction by RESET_STREAM, and asks the server by STOP_SENDING to reset the other one.
         *
         * @param code the error code of the application
         * @throws IOException if the stream is over
         */
        void reset(long code) throws IOException;

        /**
         * Asks the server by STOP_SENDING to reset its direction.
         *
         * @param code the error code of the application
         * @throws IOException if the stream is over
         */
        void stopSending(long code) throws IOException;
    }

    /** Receives what the server sends on a stream. */
    interface Receiver {
        /**
         * The next bytes.
         *
         * @param bytes the bytes, which belong to the receiver
         */
        void received(byte[] bytes);

        /** The regular end of the server's direction. */
        void ended();

        /**
         * A reset of the server's direction.
         *
         * @param code the error code of the application
         */
        void reset(long code);
    }

    /** Receives the events of a connection. */
    interface Listener {
        /**
         * The server has opened a stream in its direction only.
         *
         * @return receives what the server sends on it
         */
        Receiver opened();

        /**
         * The server has closed the connection.
         *
         * @param code the error code of the application, or -1 if there is none
         * @param description how the connection has ended
         */
        void closed(long code, String description);
    }
}
