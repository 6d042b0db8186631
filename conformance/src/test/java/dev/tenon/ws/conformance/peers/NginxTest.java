package dev.tenon.ws.conformance.peers;

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
        return TrustedProxies.forwarded("127.0.0.1");
    }

    @Override
    Program start(Certificate certificate, int plainPort, int securePort, int upstream) throws Exception {
        String nginx = Program.installed("nginx");
        Path configuration = folder.resolve("nginx.conf");
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
                  map $http_upgrade $to_upgrade { default upgrade; "" ""; }
                  server {
                    listen 127.0.0.1:${plain};
                    listen 127.0.0.1:${secure} ssl;
                    ssl_certificate ${pem};
                    ssl_certificate_key ${pem};
                    location /ws {
                      proxy_pass http://127.0.0.1:${upstream};
                      proxy_http_version 1.1;
                      proxy_set_header Host $http_host;
                      proxy_set_header Forwarded "for=$remote_addr;proto=$scheme";
                      proxy_set_header Upgrade $http_upgrade;
                      proxy_set_header Connection $to_upgrade;
                      proxy_read_timeout ${idle}ms;
                    }
                    location / {
                      proxy_pass http://127.0.0.1:${upstream};
                    }
                  }
                }
                """.replace("${folder}", folder.toString())
                .replace("${plain}", Integer.toString(plainPort))
                .replace("${secure}", Integer.toString(securePort))
                .replace("${upstream}", Integer.toString(upstream))
                .replace("${idle}", Integer.toString(IDLE_MILLIS))
                .replace("${pem}", certificate.pem().toString()));
        return Program.listening(
                List.of(nginx, "-p", folder.toString(), "-c", configuration.toString()),
                folder.resolve("nginx.log"),
                plainPort,
                securePort);
    }
}
