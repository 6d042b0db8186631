package dev.tenon.ws.conformance.peers;

import java.net.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** squid, with Digest authentication. */
@Tag("once")
class SquidTest extends ForwardProxyContract {
    @Override
    Proxy.Type type() {
        return Proxy.Type.HTTP;
    }

    /** The authentication settings of squid. */
    String login() {
        return """
                auth_param digest program /usr/lib/squid/digest_file_auth ${users}
                auth_param digest realm gate
                auth_param digest children 1 startup=1
                """;
    }

    /** The password in the format of the password file. */
    String password() {
        return PASSWORD;
    }

    @Override
    Program start(Path folder, int port, boolean locked) throws Exception {
        String squid = Program.installed("squid");
        Path users = Files.writeString(folder.resolve("users"), USER + ":" + password() + "\n");
        Path configuration = folder.resolve("squid.conf");
        String login = login() + "acl known proxy_auth REQUIRED\nhttp_access allow known\n";
        Files.writeString(configuration, """
                http_port 127.0.0.1:${port}
                pid_filename none
                cache_log ${folder}/cache.log
                access_log none
                coredump_dir ${folder}
                cache_mem 8 MB
                netdb_filename none
                pinger_enable off
                shutdown_lifetime 0 seconds
                ${login}
                """.replace("${login}", locked ? login : "http_access allow all")
                .replace("${users}", users.toString())
                .replace("${folder}", folder.toString())
                .replace("${port}", String.valueOf(port)));
        openTo(folder); // squid, started by root, changes to another user
        return Program.listening(List.of(squid, "-N", "-f", configuration.toString()), folder.resolve("log"), port);
    }

    private static void openTo(Path folder) {
        for (Path each : List.of(folder, folder.resolve("users"))) {
            boolean unused = each.toFile().setReadable(true, false)
                    && each.toFile().setWritable(true, false)
                    && each.toFile().setExecutable(true, false);
        }
    }
}
