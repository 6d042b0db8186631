package dev.tenon.ws.conformance.peers;

import static dev.tenon.ws.conformance.peers.DeploymentGuide.replaced;

import dev.tenon.ws.handshake.TrustedProxies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** nginx in front of a server. */
@Tag("once")
class NginxTest extends ProxyContract {
    @Override
    TrustedProxies trusted() {
        return TrustedProxies.xForwarded("127.0.0.1");
    }

    @Override
    Program start(Certificate certificate, int plainPort, int securePort, int upstream) throws Exception {
        String nginx = Program.installed("nginx");
        Path configuration = folder.resolve("nginx.conf");
        String guide = DeploymentGuide.configuration("nginx");
        guide = replaced(guide, "127.0.0.1:8080", "127.0.0.1:" + upstream);
        guide = replaced(guide, "proxy_read_timeout 75s", "proxy_read_timeout " + IDLE_MILLIS + "ms");
        int end = guide.indexOf("location");
        Files.writeString(configuration, """
                daemon off;
                master_process off;
                pid ${folder}/nginx.pid;
                error_log stderr warn;
                events { worker_connections 64; }
                http {
                  access_log off;
                  client_body_temp_path ${folder}/body;
                  proxy_temp_path ${folder}/proxy;
                  fastcgi_temp_path ${folder}/fastcgi;
                  uwsgi_temp_path ${folder}/uwsgi;
                  scgi_temp_path ${folder}/scgi;
                  ${map}
                  server {
                    listen 127.0.0.1:${plain};
                    listen 127.0.0.1:${secure} ssl;
                    ssl_certificate ${pem};
                    ssl_certificate_key ${pem};
                    ${location}
                    location / {
                      proxy_pass http://127.0.0.1:${upstream};
                    }
                  }
                }
                """.replace("${map}", guide.substring(0, end))
                .replace("${location}", guide.substring(end))
                .replace("${folder}", folder.toString())
                .replace("${plain}", Integer.toString(plainPort))
                .replace("${secure}", Integer.toString(securePort))
                .replace("${upstream}", Integer.toString(upstream))
                .replace("${pem}", certificate.pem().toString()));
        return Program.listening(
                List.of(nginx, "-p", folder.toString(), "-c", configuration.toString()),
                folder.resolve("nginx.log"),
                plainPort,
                securePort);
    }
}
