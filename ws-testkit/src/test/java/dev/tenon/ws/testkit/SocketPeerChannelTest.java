package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SocketPeerChannelTest {
    @Test
    @Timeout(30)
    void bytesThatKeepArrivingDoNotExtendAStep() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread sender = new Thread(() -> send(listener, over), "sender");
            sender.start();
            SocketPeerChannel channel =
                    new SocketPeerChannel((InetSocketAddress) listener.getLocalSocketAddress(), Duration.ofMillis(500));
            try {
                channel.beginStep();
                int arrivals = 0;
                for (ByteBuffer bytes = channel.receive(); bytes != null; bytes = channel.receive()) {
                    assertTrue(bytes.hasRemaining(), "the sender has ended");
                    arrivals++;
                }
                assertTrue(arrivals > 0, "nothing has arrived");
            } finally {
                over.set(true);
                channel.close();
                sender.join();
            }
        }
    }

    private static void send(ServerSocket listener, AtomicBoolean over) {
        try (Socket socket = listener.accept()) {
            while (!over.get()) {
                socket.getOutputStream().write(1);
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException closed) {
            over.set(true);
        }
    }
}
