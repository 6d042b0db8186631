package dev.tenon.ws.client.dial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first and last address of each block of the registries for special purposes, and their neighbours. */
class PublicAddressesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.0.0",
                "169.254.169.254",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.0",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.1.2.3",
                "::169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::808:808",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:a9fe:a9fe::1",
                "2002:7f00:1::",
                "3fff::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void specialAddressesAreNotPublic(String address) {
        assertEquals(false, PublicAddresses.contains(read(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "8.8.8.8",
                "2001:200::1",
                "2606:4700::1111",
                "2a00:1450::1",
                "64:ff9b::808:808",
                "2002:808:808::1",
                "::ffff:8.8.8.8"
            })
    void addressesBesideSpecialRangesArePublic(String address) {
        assertEquals(true, PublicAddresses.contains(read(address)));
    }

    private static InetAddress read(String address) {
        return Objects.requireNonNull(Addresses.literal(address));
    }

    @ParameterizedTest
    @CsvSource({
        "127.1, 127.0.0.1",
        "0x7f.1, 127.0.0.1",
        "0177.0.0.1, 127.0.0.1",
        "2130706433, 127.0.0.1",
        "0X7F000001, 127.0.0.1",
        "0, 0.0.0.0",
        "10.0xffffff, 10.255.255.255",
        "1.2.65535, 1.2.255.255",
        "127.0.0.1., 127.0.0.1",
        "::1, ::1"
    })
    void numbersInHostsAreReadAsTheSystemReadsThem(String host, String address) {
        assertEquals(read(address), Addresses.numeric(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.256",
                "4294967296",
                "08",
                "0x",
                "-1",
                "+1",
                "1..2",
                "a.1",
                "1.2.65536",
                "99999999999999999999",
                "."
            })
    void aHostThatIsNoNumberIsAName(String host) {
        assertNull(Addresses.numeric(host));
    }
}
