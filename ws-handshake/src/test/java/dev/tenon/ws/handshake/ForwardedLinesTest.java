package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The header lines of proxies, load balancers and gateways, with addresses of the documentation ranges: from their
 * manuals, and from reports if they differ from RFC 7239. The server's peer is the proxy 10.0.0.1, and 10.0.0.0/8 is
 * trusted.
 */
class ForwardedLinesTest {
    private static HttpRequest request(String lines) {
        List<String> headers = new ArrayList<>();
        for (String line : lines.split(" & ", -1)) {
            int colon = line.indexOf(": ");
            headers.add(line.substring(0, colon));
            headers.add(line.substring(colon + 2));
        }
        return new HttpRequest("GET", "/", HttpVersion.HTTP_1_1, Headers.of(headers.toArray(String[]::new)));
    }

    private static TrustedProxies proxies(String lines) {
        if (lines.startsWith("Forwarded")) {
            return TrustedProxies.forwarded("10.0.0.0/8");
        }
        return lines.startsWith("X-Forwarded")
                ? TrustedProxies.xForwarded("10.0.0.0/8")
                : TrustedProxies.addressHeader(lines.substring(0, lines.indexOf(':')), "10.0.0.0/8");
    }

    private static String shown(TrustedProxies.Client client) {
        InetSocketAddress address = client.address();
        String text = address == null ? "unknown" : address.getAddress().getHostAddress() + " " + address.getPort();
        return text + (client.secure() ? " tls" : "") + (client.authority() == null ? "" : " " + client.authority());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "AWS ALB | X-Forwarded-For: 203.0.113.7 & X-Forwarded-Proto: https & X-Forwarded-Port: 443 |"
                        + " 203.0.113.7 0 tls",
                "AWS ALB, client port kept | X-Forwarded-For: 203.0.113.7:8080 & X-Forwarded-Proto: https |"
                        + " 203.0.113.7 8080 tls",
                "AWS ALB, IPv6 | X-Forwarded-For: 2001:DB8::21f:5bff:febf:ce22 | 2001:db8:0:0:21f:5bff:febf:ce22 0",
                "AWS ALB, IPv6, client port kept | X-Forwarded-For: [2001:db8:85a3:8d3:1319:8a2e:370:7348]:8080 &"
                        + " X-Forwarded-Proto: http | 2001:db8:85a3:8d3:1319:8a2e:370:7348 8080",
                "AWS ALB behind CloudFront | X-Forwarded-For: 203.0.113.7, 10.1.1.1 & X-Forwarded-Proto: https |"
                        + " 203.0.113.7 0 tls",
                "AWS API Gateway | Forwarded: by=10.0.0.2;for=203.0.113.7;host=api.example.org;proto=https |"
                        + " 203.0.113.7 0 tls api.example.org",
                "AWS API Gateway, IPv6 behind CloudFront | Forwarded:"
                        + " by=3.3.3.3;for=2001:db8:3a42:b7b0:9971:120a:391f:f585,for=10.2.2.2;host=api.example.org;proto=https"
                        + " | 2001:db8:3a42:b7b0:9971:120a:391f:f585 0 tls api.example.org",
                "Google Cloud Run | Forwarded: for=\"203.0.113.7\";proto=https | 203.0.113.7 0 tls",
                "Google Cloud Run, IPv6 | Forwarded: for=\"2001:db8:4e23:a370:a1d3:c50d:5862:9aeb\";proto=https |"
                        + " 2001:db8:4e23:a370:a1d3:c50d:5862:9aeb 0 tls",
                "Google Cloud Run, IPv6 with a gap | Forwarded: for=\"2001:db8::17\";proto=https |"
                        + " 2001:db8:0:0:0:0:0:17 0 tls",
                "Google load balancer | X-Forwarded-For: 203.0.113.7,10.130.211.1 & X-Forwarded-Proto: https |"
                        + " 203.0.113.7 0 tls",
                "nginx, $proxy_add_x_forwarded_for | X-Forwarded-For: 6.6.6.6, 203.0.113.7 & X-Forwarded-Proto: https"
                        + " | 203.0.113.7 0 tls",
                "nginx, IPv6 | X-Forwarded-For: 2001:db8::1 & X-Forwarded-Proto: https | 2001:db8:0:0:0:0:0:1 0 tls",
                "nginx, two of them | X-Forwarded-For: 203.0.113.7, 10.0.0.9 & X-Forwarded-Proto: http | 203.0.113.7 0",
                "nginx, X-Real-IP | X-Real-IP: 203.0.113.7 & X-Forwarded-Proto: https | 203.0.113.7 0 tls",
                "nginx, X-Real-IP, IPv6 | X-Real-IP: 2001:db8::1:8080 | 2001:db8:0:0:0:0:1:8080 0",
                "nginx at a Unix socket, elsewhere | X-Forwarded-For: 203.0.113.7, unix: & X-Forwarded-Proto: https |"
                        + " unknown tls",
                "HAProxy, option forwardfor | X-Forwarded-For: 6.6.6.6 & X-Forwarded-For: 203.0.113.7 | 203.0.113.7 0",
                "HAProxy, option forwarded | Forwarded: proto=http;for=203.0.113.7 | 203.0.113.7 0",
                "HAProxy, option forwarded, all | Forwarded:"
                        + " proto=https;host=\"a.example:8443\";by=\"[::1]:8443\";for=\"[2001:db8::1]:4711\" |"
                        + " 2001:db8:0:0:0:0:0:1 4711 tls a.example:8443",
                "OpenShift's HAProxy | Forwarded: for=203.0.113.7;host=a.example;proto=https;proto-version= |"
                        + " 203.0.113.7 0 tls a.example",
                "OpenShift's HAProxy, IPv6 | Forwarded: for=2001:db8::17;host=a.example:8443;proto=https |"
                        + " 2001:db8:0:0:0:0:0:17 0 tls a.example:8443",
                "Envoy | X-Forwarded-For: 203.0.113.7 & X-Forwarded-Proto: https & X-Envoy-External-Address:"
                        + " 203.0.113.7 | 203.0.113.7 0 tls",
                "Envoy, two of them | X-Forwarded-For: 203.0.113.7,10.5.5.5 & X-Forwarded-Proto: https | 203.0.113.7 0"
                        + " tls",
                "Traefik | X-Forwarded-For: 203.0.113.7 & X-Forwarded-Host: a.example & X-Forwarded-Port: 443 &"
                        + " X-Forwarded-Proto: wss & X-Forwarded-Server: t & X-Real-Ip: 203.0.113.7 | 203.0.113.7 0 tls"
                        + " a.example:443",
                "Traefik without TLS | X-Forwarded-For: 203.0.113.7 & X-Forwarded-Proto: ws | 203.0.113.7 0",
                "Caddy | X-Forwarded-For: 203.0.113.7 & X-Forwarded-Proto: https & X-Forwarded-Host: a.example |"
                        + " 203.0.113.7 0 tls a.example",
                "Apache | X-Forwarded-For: 6.6.6.6, 203.0.113.7 & X-Forwarded-Host: a.example & X-Forwarded-Server: b"
                        + " | 203.0.113.7 0 a.example",
                "Cloudflare | CF-Connecting-IP: 203.0.113.7 & X-Forwarded-For: 6.6.6.6,203.0.113.7 &"
                        + " X-Forwarded-Proto: https & CF-Visitor: {\"scheme\":\"https\"} | 203.0.113.7 0 tls",
                "Cloudflare, IPv6 | CF-Connecting-IP: 2001:db8::7 & X-Forwarded-Proto: https | 2001:db8:0:0:0:0:0:7 0"
                        + " tls",
                "Azure Application Gateway | X-Forwarded-For: 203.0.113.7:49152 & X-Forwarded-Proto: https &"
                        + " X-Forwarded-Port: 443 | 203.0.113.7 49152 tls",
                "Azure Application Gateway, two | X-Forwarded-For: 203.0.113.7:49152, 10.0.0.9:443 | 203.0.113.7 49152",
                "IIS, IPv4 in IPv6 | X-Forwarded-For: ::ffff:203.0.113.7:12345 | 203.0.113.7 12345",
                "Spring Cloud Gateway | Forwarded: proto=http;host=www.example.org;for=\"203.0.113.7:36286\" &"
                        + " X-Forwarded-For: 203.0.113.7 | 203.0.113.7 36286 www.example.org",
                "Spring Cloud Gateway, IPv6, 2021 | Forwarded:"
                        + " proto=http;host=\"localhost:8080\";for=\"2001:db8:cafe:0:0:0:0:17:4711\" |"
                        + " 2001:db8:cafe:0:0:0:0:17 4711 localhost:8080",
                "Spring Cloud Gateway, IPv6 | Forwarded:"
                        + " proto=http;host=\"localhost:8080\";for=\"[2001:db8:cafe:0:0:0:0:17]:4711\" |"
                        + " 2001:db8:cafe:0:0:0:0:17 4711 localhost:8080",
                "Spring Cloud Gateway, from X-Forwarded-For | Forwarded:"
                        + " proto=http;host=a.example;for=\"2001:db8::17:4711\" | unknown a.example",
                "Sozu, before brackets | Forwarded: proto=https;for=\"2001:db8::1:8080\";by=\"2001:db8::2\" | unknown"
                        + " tls",
                "Sozu | Forwarded: proto=https;for=\"[2001:db8::1]:8080\";by=\"[2001:db8::2]\" | 2001:db8:0:0:0:0:0:1"
                        + " 8080 tls",
                "a proxy that quotes nothing | Forwarded:"
                        + " by=62.1.2.3:443;for=203.0.113.7:42857;host=www.example.org;proto=https | 203.0.113.7 42857 tls"
                        + " www.example.org",
                "Node's http-proxy | Forwarded:"
                        + " by=\"[::1]:4430\";for=\"[2001:db8::1]:57096\";proto=https;host=localhost:4430 |"
                        + " 2001:db8:0:0:0:0:0:1 57096 tls localhost:4430",
                "Node's http-proxy, X-Forwarded-For | X-Forwarded-For: ::ffff:203.0.113.7 & X-Forwarded-Port: 80 &"
                        + " X-Forwarded-Proto: ws | 203.0.113.7 0",
                "Java's getRemoteAddr with a zone | X-Forwarded-For: fe80:0:0:0:1:2:3:4%eth0 | fe80:0:0:0:1:2:3:4 0",
                "Squid without an address | X-Forwarded-For: unknown | unknown",
                "Squid that appends | X-Forwarded-For: unknown, 203.0.113.7 | 203.0.113.7 0",
                "Go at a Unix socket | X-Forwarded-For: @ | unknown",
                "RFC 7239 §4, obfuscated | Forwarded: for=\"_gazonk\" | unknown",
                "RFC 7239 §6.3 | Forwarded: for=\"_mdn:_port\";by=_hidden | unknown",
                "RFC 7239 §7.1 | Forwarded: for=192.0.2.43,for=\"[2001:db8:cafe::17]\",for=unknown | unknown",
                "a name instead of an address | X-Forwarded-For: client.example.org | unknown",
                "quotes around it | X-Forwarded-For: \"[2001:db8::1]:80\" | 2001:db8:0:0:0:0:0:1 80",
                "a client that forges quotes | X-Forwarded-For: \"6.6.6.6, 203.0.113.7 | 203.0.113.7 0",
            })
    void everyTextThatIsAcceptedHasTheMeantValue(String writer, String lines, String client) {
        InetSocketAddress proxy = new InetSocketAddress(Objects.requireNonNull(IpAddress.parse("10.0.0.1")), 4711);
        assertEquals(client, shown(proxies(lines).withHosts().client(request(lines), proxy, false)), writer);
    }
}
