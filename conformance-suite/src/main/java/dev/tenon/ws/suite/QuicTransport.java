package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Opens and accepts connections of QUIC (RFC 9000), which the JDK does not have. The suite speaks HTTP/3 over them. A
 * module that has a library for QUIC provides this as a service.
 */
public interface QuicTransport {

    /**
     * Opens a connection to a server.
     *
     * @param <L> the type of the listener
     * @param host the host name or address of the server, for which its certificate must be
     * @param port the server's UDP port
     * @param protocol the only protocol in the ALPN list
     * @param trust decides which certificates are trusted; null for the trust store of the JDK
     * @param timeout for the handshake, and for each write to a stream
     * @param opened returns the listener of the new connection, which is not yet connected; called once, on any thread
     * @return the listener of the connection, which is open now
     * @throws IOException if the connection cannot be opened
     */
    <L extends Listener> L connect(
            String host,
            int port,
            String protocol,
            @Nullable TrustManager trust,
            Duration timeout,
            Function<Connection, L> opened)
            throws IOException;

    /**
     * Accepts the connections of clients.
     *
     * @param address the UDP address to listen on
     * @param protocol the only protocol in the ALPN list
     * @param key the server's key; an {@link javax.net.ssl.X509ExtendedKeyManager}
     * @param timeout for each write to a stream
     * @param accepted returns the listener of a connection that has just been opened; called on a thread of the library, and
     *     does not block
     * @return the running server
     * @throws IOException if the address cannot be bound
     */
    Server listen(
            InetSocketAddress address,
            String protocol,
            KeyManager key,
            Duration timeout,
            Function<Connection, Listener> accepted)
            throws IOException;

    /** A server that accepts connections. */
    interface Server extends AutoCloseable {
        /**
         * The bound port.
         *
         * @return 1 to 65535
         */
        int port();

        /** Stops the server and its connections. */
        @Override
        void close();
    }

    /** A connection. */
    interface Connection {
        /**
         * Opens a stream in both directions.
         *
         * @param receiver receives what the peer sends on it
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
         * Closes the connection, and notifies the peer.
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
         * @throws IOException if the stream is over, or the peer does not enlarge the window in time
         */
        void write(byte[] bytes) throws IOException;

        /**
         * Ends this direction.
         *
         * @throws IOException if the stream is over
         */
        void end() throws IOException;

        /**
         * Resets this direction by RESET_STREAM, and asks the peer by STOP_SENDING to reset the other one.
         *
         * @param code the error code of the application
         * @throws IOException if the stream is over
         */
        void reset(long code) throws IOException;

        /**
         * Asks the peer by STOP_SENDING to reset its direction.
         *
         * @param code the error code of the application
         * @throws IOException if the stream is over
         */
        void stopSending(long code) throws IOException;
    }

    /** Receives what the peer sends on a stream. */
    interface Receiver {
        /**
         * The next bytes.
         *
         * @param bytes the bytes, which belong to the receiver
         */
        void received(byte[] bytes);

        /** The regular end of the peer's direction. */
        void ended();

        /**
         * A reset of the peer's direction.
         *
         * @param code the error code of the application
         */
        void reset(long code);
    }

    /** Receives the events of a connection, on a thread of the library. Its methods do not block. */
    interface Listener {
        /**
         * The peer has opened a stream in both directions. Only a client may do that.
         *
         * @param stream this end of the stream
         * @return receives what the peer sends on it
         */
        Receiver opened(Stream stream);

        /**
         * The peer has opened a stream in its direction only.
         *
         * @return receives what the peer sends on it
         */
        Receiver openedUnidirectional();

        /**
         * The connection has ended. May be called more than once, and the first call counts.
         *
         * @param code the error code of the application, or -1 if there is none
         * @param description how the connection has ended
         */
        void closed(long code, String description);
    }
}
