package dev.tenon.ws.deflate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.connection.Wire;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.testkit.DiscardingWire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The memory of 10,000 connections that have echoed compressed messages and are idle. */
class IdleMemoryTest {
    private static final int CONNECTIONS = 10_000;
    private static final int MESSAGES = 6;
    private static final int LENGTH = 1024;
    private static final ThreadContext WORKSPACE = new ThreadContext();
    private static final DeflateOptions DEFAULTS = DeflateOptions.defaults();

    /** Options, and the largest heap of a connection with its extension: 1 KiB and its windows. */
    static Stream<Arguments> modes() {
        return Stream.of(
                Arguments.of("default", DEFAULTS, 1024 + 2048 + (1 << 12)),
                Arguments.of("no takeover", DEFAULTS.withTakeover(false, false), 1024),
                Arguments.of("window of 2 KiB", DEFAULTS.withWindowBits(15, 11), 1024 + 2048 + (1 << 11)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modes")
    void anIdleConnectionOwnsItsWindowsAndNothingNative(String name, DeflateOptions options, int most) {
        PermessageDeflate provider = new PermessageDeflate(options);
        Extensions clientExtensions = Extensions.of(new PermessageDeflate(DEFAULTS)); // the offer of browsers
        List<NegotiatedExtension> agreed = Extensions.of(provider).accept(clientExtensions.offers());
        DiscardingWire toServer = new DiscardingWire();
        Connection client =
                open(Role.CLIENT, confirmed(clientExtensions, agreed), toServer, new WebSocketListener() {});
        List<ByteBuffer> sent = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            client.webSocket().sendText(new String(Payloads.text(LENGTH, new Random(i)), US_ASCII));
            sent.add(toServer.takeLast());
        }

        DiscardingWire toClients = new DiscardingWire();
        Heap before = Heap.count();
        List<Connection> servers = new ArrayList<>(CONNECTIONS);
        for (int i = 0; i < CONNECTIONS; i++) {
            servers.add(open(Role.SERVER, agreed, toClients, new Echo()));
        }
        for (ByteBuffer message : sent) {
            servers.forEach(server -> server.receive(ByteBuffer.allocate(message.remaining())
                    .put(message.duplicate())
                    .flip()));
        }
        Heap after = Heap.count();

        long each = (after.bytes() - before.bytes()) / CONNECTIONS;
        long codecs = after.codecs() - before.codecs();
        System.out.printf(
                Locale.ROOT,
                "%s: %,d bytes of heap for each of %,d connections; native, for all: %,d bytes in %d codecs%n",
                name,
                each,
                CONNECTIONS,
                provider.nativeBytes(),
                codecs);
        assertTrue(each <= most, () -> each + " bytes, and not " + most);
        assertEquals(0, provider.codecsOut());
        assertTrue(codecs <= 2, () -> codecs + " codecs");
        assertEquals(MESSAGES * CONNECTIONS, toClients.writes());
        servers.forEach(
                server -> assertEquals(ReadyState.OPEN, server.webSocket().readyState()));
        provider.close();
        assertEquals(0, provider.nativeBytes());
    }

    private static List<NegotiatedExtension> confirmed(Extensions client, List<NegotiatedExtension> agreed) {
        return client.confirm(agreed.stream().map(NegotiatedExtension::agreed).toList());
    }

    private static Connection open(
            Role role, List<NegotiatedExtension> extensions, Wire wire, WebSocketListener listener) {
        Upgrade upgrade = new Upgrade("ws://localhost/", "", extensions);
        Connection connection = new Connection(role, ConnectionOptions.DEFAULT, upgrade, wire, WORKSPACE, listener);
        connection.open();
        return connection;
    }

    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.sendText(text);
        }
    }

    /** The live objects of this JVM, as the JVM counts them. */
    private record Heap(long bytes, long codecs) {
        /** Rank, instances, bytes, class; or the total of instances and bytes. */
        private static final Pattern ROW = Pattern.compile("(?m)^ *(\\S+) +(\\d+) +(\\d+)(?: +(\\S+).*)?$");

        private static final Set<String> CODECS = Set.of("java.util.zip.Deflater", "java.util.zip.Inflater");

        static Heap count() {
            Heap last = countOnce();
            for (int i = 0;
                    i < 3;
                    i++) { // one collection is not enough, because each frees objects that the next one finds
                last = countOnce();
            }
            return last;
        }

        private static Heap countOnce() {
            long bytes = 0;
            long codecs = 0;
            Matcher row = ROW.matcher(histogram());
            while (row.find()) {
                if (row.group(1).equals("Total")) {
                    bytes = Long.parseLong(row.group(3));
                } else if (CODECS.contains(String.valueOf(row.group(4)))) {
                    codecs += Long.parseLong(row.group(2));
                }
            }
            return new Heap(bytes, codecs);
        }

        /** Uses reflection, because the module under test does not read java.management. */
        private static String histogram() {
            try {
                Object name = Class.forName("javax.management.ObjectName")
                        .getConstructor(String.class)
                        .newInstance("com.sun.management:type=DiagnosticCommand");
                Object server = Class.forName("java.lang.management.ManagementFactory")
                        .getMethod("getPlatformMBeanServer")
                        .invoke(null);
                Object[] arguments = {new String[0]};
                String[] signature = {String[].class.getName()};
                return (String) Class.forName("javax.management.MBeanServer")
                        .getMethod("invoke", name.getClass(), String.class, Object[].class, String[].class)
                        .invoke(server, name, "gcClassHistogram", arguments, signature);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("this JVM does not count what is alive", e);
            }
        }
    }
}
