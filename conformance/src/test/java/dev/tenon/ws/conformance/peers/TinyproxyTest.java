package dev.tenon.ws.conformance.peers;

import java.net.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** tinyproxy, with Basic authentication. */
class TinyproxyTest extends ForwardProxyContract {
    @Override
    Proxy.Type type() {
        return Proxy.Type.HTTP;
    }

    /** Not the status that RFC 9110 §15.5.8 demands. */
    @Override
    int statusForAWrongPassword() {
        return 401;
    }

    @Override
    Program start(Path folder, int port, boolean locked) throws Exception {
        String tinyproxy = Program.installed("tinyproxy");
        Path configuration = folder.resolve("tinyproxy.conf");
        Files.writeString(
                configuration,
                "Port " + port + "\nListen 127.0.0.1\nTimeout 30\nMaxClients 20\n"
                        + (locked ? "BasicAuth " + USER + " " + PASSWORD + "\n" : ""));
        return Program.listening(List.of(tinyproxy, "-d", "-c", configuration.toString()), folder.resolve("log"), port);
    }
}
