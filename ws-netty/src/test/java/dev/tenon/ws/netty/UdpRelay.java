package dev.tenon.ws.netty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A network between a client and a server of QUIC that changes the order of packets and loses some. */
final class UdpRelay implements AutoCloseable {
    private static final int MAX_PACKET = 2048;
    private static final byte[] MARKER = {0}; // shorter than any packet of QUIC

    private final DatagramSocket outside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final DatagramSocket inside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final SocketAddress server;
    private final List<byte[]> held = new ArrayList<>();
    private SocketAddress client = outside.getLocalSocketAddress();
    private boolean holding;
    private boolean losing;
    private int lost;
    private int markers;

    UdpRelay(int serverPort) throws SocketException {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        start(outside, this::clientSent);
        start(inside, this::serverSent);
    }

    private interface Receiver {
        void received(DatagramPacket packet) throws IOException;
    }

    private static void start(DatagramSocket socket, Receiver receiver) {
        Thread thread = new Thread(() -> run(socket, receiver), "udp-relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run(DatagramSocket socket, Receiver receiver) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[MAX_PACKET], MAX_PACKET);
                socket.receive(packet);
                receiver.received(packet);
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private synchronized void clientSent(DatagramPacket packet) throws IOException {
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        if (bytes.length == MARKER.length) {
            markers++;
            notifyAll();
            return;
        }
        client = packet.getSocketAddress();
        if (holding) {
            held.add(bytes);
            notifyAll();
        } else {
            passOn(bytes);
        }
    }

    private void passOn(byte[] bytes) throws IOException {
        inside.send(new DatagramPacket(bytes, bytes.length, server));
    }

    private synchronized void serverSent(DatagramPacket packet) throws IOException {
        if (losing) {
            lost++;
            notifyAll();
        } else {
            packet.setSocketAddress(client);
            outside.send(packet);
        }
    }

    /** The port at which the client finds the server. */
    int port() {
        return outside.getLocalPort();
    }

    /** Holds the client's packets from now on. */
    synchronized void hold() {
        holding = true;
    }

    /** Returns the number of packets that the client has sent and the relay holds. */
    synchronized int held() throws IOException, InterruptedException {
        int before = markers;
        outside.send(new DatagramPacket(MARKER, MARKER.length, outside.getLocalSocketAddress()));
        while (markers == before) {
            wait();
        }
        return held.size();
    }

    /** Waits until the relay holds more packets of the client than that. */
    synchronized void awaitMoreHeld(int number) throws InterruptedException {
        while (held.size() <= number) {
            wait();
        }
    }

    /**
     * Passes the held packets on and holds no more: the first ones behind the others, and between the two it loses a
     * packet of the server.
     */
    synchronized void passOnLate(int first) throws IOException, InterruptedException {
        losing = true;
        for (byte[] packet : held.subList(first, held.size())) {
            passOn(packet);
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (lost == 0 && System.nanoTime() < deadline) {
            TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
        }
        for (byte[] packet : held.subList(0, first)) {
            passOn(packet);
        }
        holding = false;
        losing = false;
    }

    @Override
    public void close() {
        outside.close();
        inside.close();
    }
}
