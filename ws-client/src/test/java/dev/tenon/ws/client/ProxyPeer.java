package dev.tenon.ws.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Proxies for tests. They connect every name to 127.0.0.1. */
final class ProxyPeer {
    private ProxyPeer() {}

    /** An HTTP proxy; {@code challenge} gives the response to a head of CONNECT, or an empty text to let it pass. */
    static Peer http(UnaryOperator<String> challenge) throws IOException {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> {
            String head = peer[0].head(socket);
            String refusal = challenge.apply(head);
            if (refusal.isEmpty()) {
                String authority = head.substring("CONNECT ".length(), head.indexOf(" HTTP/1.1"));
                int port = Integer.parseInt(authority.substring(authority.lastIndexOf(':') + 1));
                tunnel(
                        socket,
                        port,
                        "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } else {
                Peer.say(socket, refusal);
            }
        });
        return peer[0];
    }

    /** Records the requests to a SOCKS proxy. */
    static final class SocksLog {
        final List<String> seen = new CopyOnWriteArrayList<>();
        final Peer peer;

        /**
         * A SOCKS 5 proxy that requires a user and password, or none if {@code login} is empty, and replies with the
         * code.
         */
        SocksLog(String login, int reply) throws IOException {
            peer = Peer.start(socket -> {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream();
                in.readByte();
                byte[] methods = in.readNBytes(in.readByte());
                int wanted = login.isEmpty() ? 0 : 2;
                boolean offered = new String(methods, StandardCharsets.ISO_8859_1).indexOf(wanted) >= 0;
                out.write(new byte[] {5, (byte) (offered ? wanted : 0xFF)});
                if (!offered) {
                    return;
                }
                if (wanted == 2) {
                    in.readByte();
                    String given = text(in) + ":" + text(in);
                    seen.add("login " + given);
                    out.write(new byte[] {1, (byte) (given.equals(login) ? 0 : 1)});
                    if (!given.equals(login)) {
                        return;
                    }
                }
                in.readNBytes(3);
                String host = switch (in.readByte()) {
                    case 1 ->
                        "literal " + InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
                    case 4 ->
                        "literal " + InetAddress.getByAddress(in.readNBytes(16)).getHostAddress();
                    default -> "name " + text(in);
                };
                int port = in.readUnsignedShort();
                seen.add(host + " " + port);
                byte[] response = {5, (byte) reply, 0, 3, 3, 'a', 'b', 'c', 0, 1};
                if (reply == 0) {
                    tunnel(socket, port, response);
                } else {
                    out.write(response);
                }
            });
        }

        private static String text(DataInputStream in) throws IOException {
            return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
        }
    }

    private static void tunnel(Socket client, int port, byte[] response) throws IOException {
        try (Socket server = new Socket("127.0.0.1", port)) {
            client.setSoTimeout(0);
            for (byte b : response) { // one byte per write, the worst split
                client.getOutputStream().write(b);
            }
            Thread back = new Thread(() -> copy(server, client));
            back.setDaemon(true);
            back.start();
            copy(client, server);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException ended) {
            // one of the two ends has left
        }
    }

    /** Chooses the given proxies for all URIs, and records its calls. */
    static final class RecordingProxySelector extends ProxySelector {
        final List<String> selectedFor = new CopyOnWriteArrayList<>();
        final List<SocketAddress> unreachable = new CopyOnWriteArrayList<>();
        private final List<Proxy> proxies;

        RecordingProxySelector(Proxy... proxies) {
            this.proxies = List.of(proxies);
        }

        @Override
        public List<Proxy> select(URI uri) {
            selectedFor.add(uri.toString());
            return proxies;
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            unreachable.add(address);
        }
    }

    static Proxy proxy(Proxy.Type type, int port) {
        return new Proxy(type, new InetSocketAddress("127.0.0.1", port));
    }
}
