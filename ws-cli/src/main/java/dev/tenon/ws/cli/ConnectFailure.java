package dev.tenon.ws.cli;

import dev.tenon.ws.client.AddressRejectedException;
import dev.tenon.ws.client.ProxyException;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.WebSocketUri;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Explains a failed connect in one line, with a remedy. */
final class ConnectFailure {
    private static final int MOST_BODY = 200;

    private ConnectFailure() {}

    static String explain(@Nullable Throwable cause, WebSocketUri uri) {
        String where = uri.host() + " port " + uri.port();
        String message = cause == null ? "" : String.valueOf(cause.getMessage());
        if (cause instanceof HandshakeException refused) {
            return handshake(refused, uri);
        }
        if (cause instanceof UnknownHostException) {
            return message.contains(uri.host())
                    ? "there is no host '" + uri.host() + "': check its name, and the network"
                    : "there is no host " + message + ": check the name of the proxy, and the network";
        }
        if (cause instanceof AddressRejectedException) {
            return uri.host() + " has no address of the family that -4 or -6 asks for";
        }
        if (cause instanceof ProxyException refused) {
            boolean asks = refused.status() == 407 || message.contains("no credentials");
            return message + (asks ? ": give --proxy with NAME:PASSWORD@ in front of the host" : "");
        }
        if (cause instanceof SSLException) {
            return tls(message, uri);
        }
        if (message.contains("for the TLS handshake")) {
            return message + "; if it does not speak TLS, try ws:// instead of wss://";
        }
        if (cause instanceof ConnectException && message.startsWith("cannot connect to the proxy ")) {
            return message + ": check --proxy, or the proxy in Java's settings; --proxy none uses no proxy";
        }
        if (cause instanceof ConnectException) {
            return "nothing listens at " + where + ": start the server, or check the port (" + message + ")";
        }
        return "no connection to " + where + ": " + message;
    }

    private static String handshake(HandshakeException refused, WebSocketUri uri) {
        HttpResponse response = refused.response();
        if (response == null) {
            return "the server's response is no WebSocket handshake: " + refused.getMessage()
                    + (uri.secure() ? "" : "; if it speaks TLS, try wss:// instead of ws://");
        }
        if (response.status() == 101) {
            return "the server's response breaks the handshake's rules: " + refused.getMessage();
        }
        if (response.status() / 100 == 2) {
            String path = uri.resource().replaceFirst("\\?.*", "");
            return "the server responds with " + response.status()
                    + ", as to any HTTP request; there is no WebSocket at " + path + ": check the path";
        }
        String location = refused.location();
        String body = printable(response.bodyText().strip());
        boolean isChallenge = response.status() == 401;
        return "refused with " + (response.status() + " " + response.reason()).strip()
                + (location == null ? "" : ", redirected: add --location, or connect to " + target(uri, location))
                + (isChallenge ? ", it requires authentication: give --user NAME:PASSWORD" : "")
                + (body.isEmpty() ? "" : ": " + body);
    }

    private static String target(WebSocketUri uri, String location) {
        try {
            return uri.resolve(location).toString();
        } catch (IllegalArgumentException e) {
            return printable(location);
        }
    }

    /** Adds the remedy to the message of the client, or of the JDK's own sockets. */
    private static String tls(String message, WebSocketUri uri) {
        if (message.startsWith("PKIX ")) {
            return tls("the server's certificate is not trusted", uri);
        }
        if (message.startsWith("No name matching") || message.startsWith("No subject alternative")) {
            return tls("the server's certificate is for another host (" + message + ")", uri);
        }
        if (message.contains("is not trusted")) {
            return message + "; give its issuer with --cacert or --truststore, or --insecure for a test";
        }
        if (message.contains("is for another host")) {
            return message + "; connect by the name that it is for, or --insecure for a test";
        }
        if (message.contains("plaintext connection") || message.contains("unrecognized SSL message")) {
            return uri.host() + " port " + uri.port() + " does not speak TLS: try ws:// instead of wss://";
        }
        return message;
    }

    private static String printable(String text) {
        String line = Terminal.escaped(text.replace("\r\n", " ").replace('\n', ' '));
        return line.length() <= MOST_BODY ? line : line.substring(0, MOST_BODY) + "...";
    }
}
