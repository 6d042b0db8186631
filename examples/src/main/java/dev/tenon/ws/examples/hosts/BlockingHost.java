package dev.tenon.ws.examples.hosts;

import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.HttpHeadParser;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.RequestViolation;
import dev.tenon.ws.handshake.ServerHandshake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/**
 * An echo server in the JDK's blocking sockets, with a thread for each connection. The first argument is the port, 0 for
 * any; the actual one is printed.
 *
 * <p>The thread either reads, for a second at most, or works. So the connection gets the time between two reads, and the
 * bytes that it writes leave before the next read.
 */
public final class BlockingHost {
    private static final ServerHandshake HANDSHAKE =
            new ServerHandshake(Extensions.load(), List.of(), OriginPolicy.sameOrigin());

    private BlockingHost() {}

    /**
     * Serves until the process is ended.
     *
     * @param args the port
     * @throws IOException if it cannot listen
     */
    public static void main(String... args) throws IOException {
        try (var server = new ServerSocket(Integer.parseInt(args[0]), 50, InetAddress.getLoopbackAddress())) {
            System.out.println(server.getLocalPort());
            while (true) {
                Socket socket = server.accept();
                new Thread(() -> serve(socket)).start();
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket;
                ThreadContext thread = new ThreadContext()) { // the resources of extensions on this thread
            BlockingWire wire = new BlockingWire(socket);
            Upgrade upgrade = performHandshake(wire, System.nanoTime() + 10_000_000_000L);
            converse(new Connection(Role.SERVER, ConnectionOptions.DEFAULT, upgrade, wire, thread, new Echo()), wire);
        } catch (IOException | UncheckedIOException | HandshakeException over) {
            System.err.println(over);
        }
    }

    private static Upgrade performHandshake(BlockingWire wire, long deadline) throws IOException {
        HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(HeadLimits.DEFAULT);
        try {
            HttpRequest request;
            while ((request = parser.parse(wire.input())) == null) {
                if (System.nanoTime() - deadline > 0 || !wire.read()) {
                    throw HandshakeException.refuse(RequestViolation.TOO_SLOW);
                }
            }
            Agreement agreed = HANDSHAKE.accept(HANDSHAKE.check(request, false, wire.peer()));
            wire.write(agreed.response().encode());
            return agreed.upgrade();
        } catch (HandshakeException refusal) {
            wire.write(refusal.toResponse().encode());
            throw refusal;
        }
    }

    private static void converse(Connection connection, BlockingWire wire) {
        IOException cause = null;
        try {
            connection.open();
            do {
                if (wire.input().hasRemaining()) {
                    connection.receive(wire.input());
                }
                connection.tick(System.nanoTime());
                wire.flush();
                connection.flushed();
            } while (wire.isOpen() && wire.read());
        } catch (IOException e) {
            cause = e;
        }
        connection.ended(cause);
    }
}
