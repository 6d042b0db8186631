package dev.tenon.ws.client.dial;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.client.step.Exchange;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.WebSocketUri;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.nio.ByteBuffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Exchanges see only bytes: any split of a response gives the same result. */
class ExchangeProperties {
    private static final Route ROUTE = new Route(
            WebSocketUri.parse("ws://inside.test:81/"),
            new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("gate.test", 3128)));

    private interface ExchangeFactory {
        Exchange<?> make() throws IOException;
    }

    /** Returns the result of a response that is read in two parts, or byte by byte. */
    private static String read(ExchangeFactory factory, byte[] response, int split) throws IOException {
        Exchange<?> exchange = factory.make();
        int at = 0;
        while (at < response.length) {
            int length = split == 0 ? 1 : Math.min(response.length - at, at == 0 ? split : response.length);
            ByteBuffer input = ByteBuffer.wrap(response, at, length);
            Object result;
            try {
                result = exchange.receive(input);
            } catch (IOException refused) {
                return String.valueOf(refused.getMessage());
            }
            at = input.position();
            if (result != null) {
                return result + " " + (response.length - at);
            }
        }
        return "more";
    }

    @Provide
    Arbitrary<String> heads() {
        Arbitrary<Integer> status = Arbitraries.of(100, 200, 299, 301, 403, 407, 502);
        return status.map(code -> "HTTP/1.1 " + code + " Why\r\nVia: x\r\n\r\n")
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(all -> String.join("", all));
    }

    @Property
    void aResponseToConnectHasTheSameResultInAnySplit(
            @ForAll("heads") String heads, @ForAll @IntRange(max = 60) int split) throws IOException {
        byte[] first = heads.substring(0, heads.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1);
        ExchangeFactory factory = () -> new HttpTunnel(ROUTE, Headers.empty(), HeadLimits.RESPONSES);
        assertEquals(read(factory, first, first.length), read(factory, first, split));
    }

    @Property
    void aSocksResponseHasTheSameResultInAnySplit(
            @ForAll byte[] response, @ForAll @IntRange(max = 2) int kind, @ForAll @IntRange(max = 30) int split)
            throws IOException {
        ExchangeFactory factory = () -> switch (kind) {
            case 0 -> new SocksExchange.Method(ROUTE, true);
            case 1 -> new SocksExchange.Password(ROUTE, new PasswordAuthentication("u", new char[] {'p'}));
            default -> new SocksExchange.Connect(ROUTE);
        };
        String whole = read(factory, response, Math.max(1, response.length));
        String parts = read(factory, response, split);
        if (!whole.contains(
                "has sent more than")) { // only this failure depends on the split, because the excess bytes may come
            // later
            assertEquals(whole.replaceAll(" \\d+$", ""), parts.replaceAll(" \\d+$", ""));
        }
    }
}
