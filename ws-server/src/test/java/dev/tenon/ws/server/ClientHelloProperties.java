package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** The JDK's ClientHello, in records of any length, cut and damaged at any place. */
class ClientHelloProperties {
    static final int HEADER = 5;

    @Provide
    Arbitrary<String> hosts() {
        return Arbitraries.of("tenon.example", "a.b", "xn--bcher-kva.example", "UPPER.example", "");
    }

    @Provide
    Arbitrary<String> protocols() {
        return Arbitraries.of("TLSv1.2", "TLSv1.3");
    }

    /** Returns the first bytes of a client that connects to a host; without a host name if that is empty. */
    static byte[] hello(String host, String protocol) {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(new String[] {protocol});
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            parameters.setServerNames(host.isEmpty() ? List.of() : List.of(new SNIHostName(host)));
            engine.setSSLParameters(parameters);
            ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), record);
            byte[] hello = new byte[record.flip().remaining()];
            record.get(hello);
            return hello;
        } catch (NoSuchAlgorithmException | SSLException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the same message in records of at most the given length. */
    static ByteBuffer fragmented(byte[] record, int size) {
        ByteBuffer fragments = ByteBuffer.allocate(record.length * (HEADER + 1));
        for (int at = HEADER; at < record.length; at += size) {
            int length = Math.min(size, record.length - at);
            fragments.put((byte) 22).put((byte) 3).put((byte) 1).putShort((short) length);
            fragments.put(record, at, length);
        }
        return fragments.flip();
    }

    @Property(tries = 200)
    void theHostIsFoundWithTheLastByteInAnyFragmentation(
            @ForAll("hosts") String host,
            @ForAll("protocols") String protocol,
            @ForAll @IntRange(min = 1, max = 700) int size) {
        ByteBuffer all = fragmented(hello(host, protocol), size);
        ClientHello inPieces = new ClientHello();
        for (int length = 0; length < all.limit(); length += 1 + length / 50) {
            ByteBuffer some = all.duplicate().limit(length);
            assertNull(inPieces.host(some), "more is needed");
            assertNull(new ClientHello().host(some), "more is needed");
        }
        assertEquals(host.toLowerCase(Locale.ROOT), inPieces.host(all));
        assertEquals(host.toLowerCase(Locale.ROOT), new ClientHello().host(all));
        assertEquals(0, all.position());
        ByteBuffer more = ByteBuffer.allocate(all.limit() + 3)
                .put(all.duplicate())
                .put(new byte[] {23, 3, 3})
                .flip();
        assertEquals(host.toLowerCase(Locale.ROOT), new ClientHello().host(more));
    }

    /** Returns the result for bytes that arrive one by one, after which nothing more is needed. */
    static @Nullable String byteByByte(ClientHello hello, ByteBuffer records) {
        String host = null;
        for (int length = 1; host == null && length <= records.limit(); length++) {
            host = hello.host(records.duplicate().limit(length));
        }
        return host;
    }

    @Property
    void aDamagedClientHelloThrowsNothing(
            @ForAll("protocols") String protocol, @ForAll @IntRange(max = 600) int where, @ForAll byte by) {
        byte[] hello = hello("tenon.example", protocol);
        hello[where % hello.length] = by;
        String host = new ClientHello().host(ByteBuffer.wrap(hello));
        assertTrue(host == null || host.length() <= hello.length);
        assertEquals(host, byteByByte(new ClientHello(), ByteBuffer.wrap(hello)));
    }

    @Property
    void arbitraryBytesThrowNothing(@ForAll @Size(max = 200) byte[] bytes) {
        byte[] likely = Arrays.copyOf(new byte[] {22, 3, 1, 1, 0, 1, 0, 0}, 8 + bytes.length);
        System.arraycopy(bytes, 0, likely, 8, bytes.length);
        for (byte[] garbage : List.of(bytes, likely)) {
            String host = new ClientHello().host(ByteBuffer.wrap(garbage));
            assertTrue(host == null || host.length() <= garbage.length);
            if (garbage.length > 0 && garbage[0] != 22) {
                assertEquals("", host);
            }
        }
    }

    @Property(tries = 20)
    void theSearchForAHostEndsAtTheLimit(@ForAll @IntRange(min = 1, max = 300) int size) {
        byte[] endless = new byte[2 * ClientHello.LIMIT];
        endless[HEADER] = 1;
        endless[HEADER + 2] = 0x7F; // a message of 32 KiB
        ByteBuffer records = fragmented(endless, size);
        records.limit(ClientHello.LIMIT);
        assertEquals("", new ClientHello().host(records));
    }
}
