package dev.tenon.ws.cli;

import java.io.Console;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names and passwords from the command line: one for servers, one for the proxy, each sent only to its own. */
final class Credentials extends Authenticator {
    private final @Nullable String server;
    private final @Nullable String proxy;

    private Credentials(@Nullable String server, @Nullable String proxy) {
        this.server = server;
        this.proxy = proxy;
    }

    /**
     * The credentials of {@code --user}, with a prompt for a missing password, and of a proxy; null if there are none.
     */
    static @Nullable Credentials of(@Nullable String user, @Nullable FixedProxy selected) {
        String proxy = selected == null ? null : selected.userInfo();
        if (user == null) {
            return proxy == null ? null : new Credentials(null, proxy);
        }
        String given = OptionFile.lines("--user", List.of(user)).stream()
                .findFirst()
                .orElseThrow(() -> Problem.usage("--user: the file has no line NAME:PASSWORD"));
        return new Credentials(given.indexOf(':') < 0 ? given + ":" + ask(given) : given, proxy);
    }

    @SuppressWarnings("SystemConsoleNull") // on JDK 22 and later a console without a terminal cannot read
    private static String ask(String name) {
        Console console = System.console();
        char[] password = console == null ? null : console.readPassword("Password of %s: ", name);
        if (password == null) {
            throw Problem.usage("--user " + name
                    + " has no password, and there is no terminal to read it from: give NAME:PASSWORD, or @FILE");
        }
        return new String(password);
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
        String known = getRequestorType() == RequestorType.PROXY ? proxy : server;
        if (known == null) {
            return null;
        }
        int colon = known.indexOf(':');
        String name = colon < 0 ? known : known.substring(0, colon);
        return new PasswordAuthentication(name, (colon < 0 ? "" : known.substring(colon + 1)).toCharArray());
    }
}
