package dev.tenon.ws.conformance.peers;

import static dev.tenon.ws.conformance.peers.DeploymentGuide.replaced;

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
        String guide = DeploymentGuide.configuration("haproxy");
        guide = replaced(guide, "bind :80\n", "bind 127.0.0.1:" + plainPort + "\n");
        guide = replaced(guide, "bind :443 ", "bind 127.0.0.1:" + securePort + " ");
        guide = replaced(guide, "/etc/haproxy/site.pem", certificate.pem().toString());
        guide = replaced(guide, "127.0.0.1:8080", "127.0.0.1:" + upstream);
        guide = replaced(guide, "timeout tunnel  1h", "timeout tunnel " + IDLE_MILLIS + "ms");
        Files.writeString(configuration, "global\n    maxconn 64\n" + guide);
        return Program.listening(
                List.of(haproxy, "-db", "-f", configuration.toString()),
                folder.resolve("haproxy.log"),
                plainPort,
                securePort);
    }
}
