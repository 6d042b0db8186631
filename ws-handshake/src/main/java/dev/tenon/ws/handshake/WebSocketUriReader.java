package dev.tenon.ws.handshake;

import java.util.Locale;

/** Reads a {@link WebSocketUri}, strictly by RFC 6455 §3 or leniently as browsers do. */
final class WebSocketUriReader {
    private final String text;
    private final boolean lenient;

    private WebSocketUriReader(String text, boolean lenient) {
        this.text = text;
        this.lenient = lenient;
    }

    static WebSocketUri strict(String uri) {
        return new WebSocketUriReader(uri, false).read();
    }

    /**
     * The URL Standard's parser for special schemes (WHATWG URL §4.4), with the schemes that browsers accept for
     * WebSockets.
     */
    static WebSocketUri lenient(String uri) {
        return new WebSocketUriReader(trimmed(uri), true).read();
    }

    /** Removes control characters and spaces around the URI, and tabs and line ends inside it. */
    static String trimmed(String uri) {
        int start = 0;
        int end = uri.length();
        while (start < end && uri.charAt(start) <= ' ') {
            start++;
        }
        while (end > start && uri.charAt(end - 1) <= ' ') {
            end--;
        }
        StringBuilder kept = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            char c = uri.charAt(i);
            if (c != '\t' && c != '\r' && c != '\n') {
                kept.append(c);
            }
        }
        return kept.toString();
    }

    private WebSocketUri read() {
        int colon = text.indexOf(':');
        boolean secure = isSecure(colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT));
        if (text.indexOf('#') >= 0) {
            throw malformed("it must not have a fragment; a # inside it is written %23");
        }
        int start = authorityStart(colon + 1);
        int end = start;
        while (end < text.length() && !isSlash(end) && text.charAt(end) != '?') {
            end++;
        }
        String authority = text.substring(start, end);
        if (authority.indexOf('@') >= 0) { // the message leaves the URI out, which may hold a password
            throw new IllegalArgumentException(
                    "not a WebSocket URI: it has user info; send an Authorization header" + " instead");
        }
        int hostEnd = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        hostEnd = hostEnd < 0 ? authority.length() : hostEnd;
        String host = host(authority.substring(0, hostEnd));
        int port = port(authority.substring(hostEnd), secure);
        return new WebSocketUri(secure, host, port, resource(text.substring(end)));
    }

    private boolean isSecure(String scheme) {
        return switch (scheme) {
            case "ws" -> false;
            case "wss" -> true;
            case "http", "https" -> {
                if (!lenient) {
                    throw malformed("it must begin with ws:// or wss://");
                }
                yield scheme.equals("https");
            }
            default -> throw malformed("it must begin with ws:// or wss://" + (lenient ? ", http:// or https://" : ""));
        };
    }

    private int authorityStart(int behindScheme) {
        if (!lenient) {
            if (!text.startsWith("//", behindScheme)) {
                throw malformed("two slashes must follow the scheme");
            }
            return behindScheme + 2;
        }
        int start = behindScheme; // browsers accept any number of slashes, also none
        while (start < text.length() && isSlash(start)) {
            start++;
        }
        return start;
    }

    private boolean isSlash(int at) {
        return text.charAt(at) == '/' || (lenient && text.charAt(at) == '\\');
    }

    /** A host in ASCII; an IPv6 address without its brackets. */
    private String host(String given) {
        if (given.startsWith("[") && given.endsWith("]")) {
            if (given.indexOf(':') < 0) {
                throw malformed("only an IPv6 address may be in brackets");
            }
            return HostZone.decode(given.substring(1, given.length() - 1), lenient);
        }
        String host;
        try {
            host = DomainName.toAscii(lenient ? UriText.decode(given) : given);
        } catch (IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
        Authority authority = Authority.parse(host);
        if (authority == null || authority.host().length() != host.length()) {
            throw malformed("its host is malformed");
        }
        return host;
    }

    private int port(String given, boolean secure) {
        Authority authority = Authority.parse("a" + given);
        if (authority == null || !authority.host().equals("a")) {
            throw malformed("its host or its port is malformed");
        }
        return authority.portOr(secure ? 443 : 80);
    }

    /** RFC 6455 §3: the path, a slash if there is none, and the query. */
    private String resource(String given) {
        int mark = given.indexOf('?');
        String path = mark < 0 ? given : given.substring(0, mark);
        String query = mark < 0 ? "" : given.substring(mark);
        if (lenient) {
            path = UriReference.withoutDots(path.replace('\\', '/'));
        }
        String resource = (path.startsWith("/") ? "" : "/") + path + query;
        if (!lenient) {
            requireEncoded(resource);
        }
        return UriText.encode(resource);
    }

    private void requireEncoded(String resource) {
        for (int at = 0; at < resource.length(); ) {
            int c = resource.codePointAt(at);
            at += Character.charCount(c);
            if (c < 0x80 && UriText.isForbidden(c)) {
                throw malformed("percent-encode the character " + HttpSyntax.quoted(Character.toString(c)));
            }
            if (c == '%' && !UriText.isHexPair(resource, at)) {
                throw malformed("a % must be followed by two hexadecimal digits");
            }
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw malformed("it holds half a surrogate pair");
            }
        }
    }

    private IllegalArgumentException malformed(String what) {
        return malformed(what, text);
    }

    /** The exception for a malformed URI. Its message leaves out query and user info, which may hold credentials. */
    static IllegalArgumentException malformed(String what, String uri) {
        String shown = Redaction.beforeQuery(uri);
        String quoted = uri.isEmpty() || shown.indexOf('@') >= 0 ? "" : ": " + HttpSyntax.quoted(shown);
        return new IllegalArgumentException("not a WebSocket URI: " + what + quoted);
    }
}
