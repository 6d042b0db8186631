package dev.tenon.ws.suite;

import dev.tenon.ws.suite.Arrival.SeenFrame;
import dev.tenon.ws.suite.WireFrame.Length;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Stands between the suite and Tenon, and turns Tenon into a peer with one fault. */
final class FaultyProxy implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final Side peer;
    private final Fault.Change change;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile String key = "";

    FaultyProxy(int target, Side peer, Fault.Change change) throws IOException {
        this.target = target;
        this.peer = peer;
        this.change = change;
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "faulty-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(server);
                boolean inbound = peer == Side.SERVER; // a server under test receives the client's bytes
                start(() -> pass(client, server, true, inbound));
                start(() -> pass(server, client, false, !inbound));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    /** Forwards a head, then frames, until one side has ended. */
    private void pass(Socket from, Socket to, boolean fromClient, boolean inbound) {
        Function<WireFrame, List<WireFrame>> mangling = (inbound ? change.in() : change.out()).get();
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
            String head = head(readHead(in), fromClient, inbound);
            to.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            for (int first = in.read(); first >= 0; first = in.read()) {
                for (WireFrame frame : mangling.apply(frame(FrameReader.readFrame(in, first), fromClient))) {
                    int maskingKey = change.oneKey() ? 0x01020304 : System.identityHashCode(frame);
                    to.getOutputStream().write(frame.encode(fromClient, maskingKey));
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private String head(String head, boolean fromClient, boolean inbound) {
        UnaryOperator<String> heads = inbound ? change.headIn() : change.headOut();
        String changed = heads.apply(head);
        if (fromClient) {
            key = new Head(changed).value("Sec-WebSocket-Key");
        }
        return change.rightAccept() && !fromClient
                ? changed.replaceFirst("Accept: [^\r]*", "Accept: " + Head.accept(key))
                : changed;
    }

    private static String readHead(DataInputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** Returns the frame with all its faults. */
    private static WireFrame frame(SeenFrame seen, boolean fromClient) {
        int size = seen.payload().length;
        Length length = seen.lengthBytes() == 2 && size <= 125
                ? Length.SIXTEEN_BITS
                : seen.lengthBytes() == 8 && size <= 0xFFFF ? Length.SIXTY_FOUR_BITS : Length.MINIMAL;
        boolean wrongMask = seen.masked() != fromClient;
        return new WireFrame(seen.fin(), seen.rsv(), seen.opcode(), seen.payload(), length, wrongMask);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sockets.forEach(FaultyProxy::close);
    }
}
