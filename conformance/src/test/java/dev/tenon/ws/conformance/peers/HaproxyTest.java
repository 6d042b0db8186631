package dev.tenon.ws.conformance.peers;

import dev.tenon.ws.handshake.TrustedProxies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** HAProxy in front of a server. */
@Tag("once")
class HaproxyTest extends ProxyContract {
    @Override
    TrustedProxies trusted() {
        return TrustedProxies.xForwarded("127.0.0.1");
    }

    @Override
    Program start(Certificate certificate, int plainPort, int securePort, int upstream) throws Exception {
        String haproxy = Program.installed("haproxy");
        Path configuration = folder.resolve("haproxy.cfg");
        Files.writeString(configuration, """
                global
                  maxconn 64
                defaults
                  mode http
                  timeout connect 10s
                  timeout client 20s
                  timeout server 20s
                  timeout tunnel ${idle}ms
                frontend outside
                  bind 127.0.0.1:${plain}
                  bind 127.0.0.1:${secure} ssl crt ${pem}
                  option forwardfor
                  http-request set-header X-Forwarded-Proto https if { ssl_fc }
                  http-request set-header X-Forwarded-Proto http unless { ssl_fc }
                  default_backend inside
                backend inside
                  server tenon 127.0.0.1:${upstream}
                """.replace("${plain}", Integer.toString(plainPort))
                .replace("${secure}", Integer.toString(securePort))
                .replace("${upstream}", Integer.toString(upstream))
                .replace("${idle}", Integer.toString(IDLE_MILLIS))
                .replace("${pem}", certificate.pem().toString()));
        return Program.listening(
                List.of(haproxy, "-db", "-f", configuration.toString()),
                folder.resolve("haproxy.log"),
                plainPort,
                securePort);
    }
}
