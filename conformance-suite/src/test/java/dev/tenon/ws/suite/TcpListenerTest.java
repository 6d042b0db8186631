package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TcpListenerTest {
    /** The system has no file descriptors left. */
    @Test
    void aFailedAcceptIsNotTheEnd() throws Exception {
        ServerSocket exhausted = new ServerSocket() {
            @Override
            public Socket accept() throws IOException {
                throw new SocketException("Too many open files");
            }
        };
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
        TcpListener listener = new TcpListener(exhausted, Carrier.HTTP_1_1, null, address, Duration.ofSeconds(1));
        SocketException failure = assertThrows(SocketException.class, listener::accept);
        assertEquals("Too many open files", failure.getMessage());
    }

    @Test
    void aClosedListenerEnds() throws Exception {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
        TcpListener listener = new TcpListener(Carrier.HTTP_1_1, null, address, Duration.ofSeconds(1));
        listener.close();
        assertTrue(listener.accept().isEmpty());
    }
}
