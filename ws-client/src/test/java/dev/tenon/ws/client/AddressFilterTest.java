package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.failure;
import static dev.tenon.ws.client.Chat.greeted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The address filter is asked about every address before a connect, whatever the address comes from. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AddressFilterTest {
    /** Records the addresses, and allows loopback only. */
    private static final class LoopbackFilter implements AddressFilter {
        final List<String> filteredAddresses = new CopyOnWriteArrayList<>();

        @Override
        public boolean allows(String host, InetSocketAddress address) {
            filteredAddresses.add(host + " " + address.getAddress().getHostAddress() + " " + address.getPort());
            return address.getAddress().isLoopbackAddress();
        }
    }

    private final LoopbackFilter filter = new LoopbackFilter();

    private WebSocketClient.Builder client(String... addresses) {
        return WebSocketClient.builder()
                .proxy(null)
                .addressFilter(filter)
                .connectTimeout(Duration.ofSeconds(5))
                .resolver(host -> {
                    List<InetAddress> all = new CopyOnWriteArrayList<>();
                    for (String address : addresses) {
                        all.add(InetAddress.getByName(address));
                    }
                    return all;
                });
    }

    private static Peer greeting() throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> peer[0].greet(socket));
        return peer[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "2852039166", "169.254.43518"})
    void theAddressOfTheUriIsFilteredInEveryNotation(String host) throws Exception {
        try (WebSocketClient client = client().resolver(Resolver.system()).build()) {
            AddressRejectedException rejected =
                    failure(AddressRejectedException.class, client.connect("ws://" + host + "/latest", new Chat()));
            assertEquals(
                    "the address filter does not allow 169.254.169.254, the address of "
                            + filter.filteredAddresses.get(0).split(" ", -1)[0],
                    rejected.getMessage());
        }
        assertEquals(0, LinkOpener.HOSTS.keys());
    }

    @Test
    void eachAddressOfANameIsFilteredAndForbiddenOnesAreNotConnected() throws Exception {
        try (Peer server = greeting();
                WebSocketClient client = client("169.254.169.254", "::ffff:10.0.0.1", "127.0.0.1")
                        .stagger(Duration.ofHours(1))
                        .build()) {
            greeted(client, "ws://many.test:" + server.port() + "/").close();
            assertEquals(
                    List.of(
                            "many.test 169.254.169.254 " + server.port(),
                            "many.test 10.0.0.1 " + server.port(),
                            "many.test 127.0.0.1 " + server.port()),
                    filter.filteredAddresses);
        }
    }

    @Test
    void theTargetOfARedirectIsFiltered() throws Exception {
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    peer[0].head(socket);
                    Peer.say(socket, Peer.response(302, "Location: http://169.254.169.254/latest/meta-data"));
                });
                WebSocketClient client = client().redirects(3).build()) {
            peer[0] = server;
            failure(AddressRejectedException.class, client.connect(server.uri(), new Chat()));
        }
    }

    @Test
    void theAddressOfAProxyIsFilteredAndTheNextProxyIsTried() throws Exception {
        try (Peer server = greeting();
                Peer proxy = ProxyPeer.http(head -> "");
                WebSocketClient client = client().proxy(new ProxyPeer.RecordingProxySelector(
                                new Proxy(Proxy.Type.HTTP, new InetSocketAddress("169.254.169.254", 3128)),
                                ProxyPeer.proxy(Proxy.Type.HTTP, proxy.port())))
                        .build()) {
            greeted(client, "ws://inside.test:" + server.port() + "/").close();
            assertEquals(
                    List.of("169.254.169.254 169.254.169.254 3128", "127.0.0.1 127.0.0.1 " + proxy.port()),
                    filter.filteredAddresses);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP, 169.254.169.254",
        "SOCKS, 169.254.169.254",
        "HTTP, 0xa9.254.43518",
        "SOCKS, 2852039166",
        "HTTP, 0251.0376.0251.0376",
        "SOCKS, 0xa9fea9fe",
        "HTTP, [::ffff:169.254.169.254]"
    })
    void aProxyGetsNoRequestForAForbiddenAddress(Proxy.Type type, String host) throws Exception {
        try (Peer proxy = Peer.start(socket -> {});
                WebSocketClient client = client().proxy(
                                new ProxyPeer.RecordingProxySelector(ProxyPeer.proxy(type, proxy.port())))
                        .build()) {
            failure(AddressRejectedException.class, client.connect("ws://" + host + "/", new Chat()));
            assertEquals(0, proxy.accepted());
        }
    }

    @Test
    void aRejectedAddressIsNotTransient() throws Exception {
        try (WebSocketClient client = client("10.0.0.1").build()) {
            AddressRejectedException rejected =
                    failure(AddressRejectedException.class, client.connect("ws://name.test/", new Chat()));
            assertFalse(new Disconnect(null, rejected, 1).isTransient());
        }
    }
}
