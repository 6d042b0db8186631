package dev.tenon.ws.conformance.peers;

import java.net.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** microsocks, with and without user and password. */
class MicrosocksTest extends ForwardProxyContract {
    @Override
    Proxy.Type type() {
        return Proxy.Type.SOCKS;
    }

    @Override
    Program start(Path folder, int port, boolean locked) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Program.installed("microsocks"), "-i", "127.0.0.1", "-p", String.valueOf(port)));
        if (locked) {
            command.addAll(List.of("-u", USER, "-P", PASSWORD));
        }
        return Program.listening(command, folder.resolve("log"), port);
    }
}
