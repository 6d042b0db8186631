package dev.tenon.ws.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tenon.keys.TestKey;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More connections than usual, to a server in a process of its own. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrowdTest {
    /**
     * Ten thousand connections that open at once and end at once leave no resources behind, and the remaining
     * connection is served.
     */
    @Test
    void tenThousandConnectionsOpenAndCloseAtOnce(@TempDir Path folder) throws Exception {
        long limit = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getMaxFileDescriptorCount();
        int count = (int) Math.min(10_000, limit - 500);
        if (count < 10_000) {
            System.out.println("Only " + count + " connections instead of 10,000: the limit is " + limit);
        }
        TestKey key = TestKey.make(folder, "tenon.example");
        try (FaultProcess server = new FaultProcess(folder, key, 0);
                RawPeer otherPeer = RawPeer.open(server.port, null)) {
            crowd(server.port, 200);
            Figures bound = server.report().figures().plus(8 << 20, 8 << 20, 0, 0, 2);
            crowd(server.port, count);
            FaultTestServer.assertServedInTime(otherPeer);
            FaultProcess.Report after = server.settled(1, bound);
            assertEquals(1, after.open());
            assertTrue(after.figures().within(bound), "bound: " + bound + "; after: " + after.figures());
        }
    }

    /** Connects all at once, upgrades every second connection, and drops all of them, half of them by RST. */
    private static void crowd(int port, int count) throws Exception {
        byte[] request = RawPeer.request().getBytes(StandardCharsets.US_ASCII);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        List<SocketChannel> all = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open();
                all.add(channel);
                channel.configureBlocking(false);
                channel.connect(address);
                channel.register(selector, SelectionKey.OP_CONNECT, i);
            }
            int[] connected = {0};
            while (connected[0] < count) {
                int ready = selector.select(
                        selected -> {
                            try {
                                SocketChannel channel = (SocketChannel) selected.channel();
                                channel.finishConnect();
                                selected.cancel();
                                connected[0]++;
                                if ((int) selected.attachment() % 2 == 0) {
                                    assertEquals(request.length, channel.write(ByteBuffer.wrap(request)));
                                }
                            } catch (java.io.IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        },
                        20_000);
                assertTrue(ready > 0, "of " + count + " only " + connected[0] + " could connect");
            }
        } finally {
            for (int i = 0; i < all.size(); i++) {
                if (i % 4 < 2) {
                    all.get(i).setOption(StandardSocketOptions.SO_LINGER, 0);
                }
                all.get(i).close();
            }
        }
    }

    /**
     * Without free descriptors the server stops accepting, does not spin, and logs that once. Open connections are
     * still served, and waiting ones as soon as a descriptor is free.
     */
    @Test
    void withoutDescriptorsAcceptingPausesAndNoConnectionIsLost(@TempDir Path folder) throws Exception {
        TestKey key = TestKey.make(folder, "tenon.example");
        List<RawPeer> peers = new ArrayList<>();
        try (FaultProcess server = new FaultProcess(folder, key, 200);
                RawPeer otherPeer = RawPeer.open(server.port, null)) {
            warmUp(server, otherPeer);
            for (int i = 0; i < 300; i++) {
                RawPeer peer = new RawPeer(server.port, null);
                peers.add(peer);
                peer.send(RawPeer.request());
            }
            await(server, "accepting pauses", 1);
            FaultTestServer.assertServedInTime(otherPeer);
            long cpu = server.cpu().toNanos();
            TimeUnit.SECONDS.sleep(2);
            long used = server.cpu().toNanos() - cpu;
            assertTrue(used < 500_000_000, "in two seconds of waiting: " + used / 1_000_000 + " ms of CPU");
            int served = 0;
            while (peers.get(served).in.available() > 0) {
                served++;
            }
            assertTrue(served > 20 && served < 200, "served before there was no room: " + served);
            int all = peers.size();
            int at = 0;
            for (RawPeer peer : peers) { // each connection that is served then makes room for another one
                assertTrue(peer.head().startsWith("HTTP/1.1 101 "), "of " + all + " connections the one at " + at);
                peer.close();
                at++;
            }
            await(server, "accepting goes on", 1);
            assertEquals(1, count(server.log(), "accepting pauses"), server.log());
            try (RawPeer late = RawPeer.open(server.port, null)) {
                late.echo("all is well");
            }
        } finally {
            for (RawPeer peer : peers) {
                peer.close();
            }
        }
    }

    /** Makes the JVM load its classes now, because without descriptors it could not open their files. */
    private static void warmUp(FaultProcess server, RawPeer otherPeer) throws Exception {
        FaultTestServer.assertServedInTime(otherPeer);
        try (RawPeer first = RawPeer.open(server.port, null)) {
            first.echo("a");
        }
        RawPeer.open(server.port, null).reset();
        assertEquals(
                1,
                server.settled(1, server.report().figures().plus(1 << 20, 1 << 20, 9, 9, 9))
                        .open());
    }

    private static void await(FaultProcess server, String words, int times) throws Exception {
        for (int i = 0; i < 200 && count(server.log(), words) < times; i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertEquals(times, count(server.log(), words), server.log());
    }

    private static int count(String text, String words) {
        return text.split(words, -1).length - 1;
    }
}
