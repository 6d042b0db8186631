package dev.tenon.ws.handshake;

import dev.tenon.ws.extension.Extensions;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one opening handshake (RFC 6455 §4.1). It has a key of its own, so create a new one for every
 * attempt. Send {@link #request()}, then pass the response either as bytes to {@link #receive}, or as a parsed head to
 * {@link #verify} if another library reads HTTP. It does not follow redirects and does not respond to challenges: the
 * exception describes them.
 *
 * <pre>{@code
 * ClientHandshake handshake = ClientHandshake.to(WebSocketUri.parse("ws://example.org/chat")).start();
 * send(handshake.request().encode());
 * Agreement agreement = handshake.receive(input);   // null: pass more bytes; the rest of the input is frames
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class ClientHandshake {
    /** RFC 9110 §15.2: any number of them may come, but not endlessly. */
    private static final int MAX_INTERIM_RESPONSES = 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final HttpRequest request;
    private final ResponseRules rules;
    private final HttpHeadParser<HttpResponse> parser;
    private final int maxBody;
    private int interimResponses;
    private @Nullable HandshakeException failure;
    private boolean agreed;
    private @Nullable RefusalReader refusal;

    ClientHandshake(Builder builder, String key) {
        OpeningRequest opening = new OpeningRequest(
                builder.uri, builder.subprotocols, builder.extensions.offers(), builder.headers.build());
        this.request = builder.version.isHttp1() ? opening.upgrade(key) : opening.extendedConnect(builder.version);
        this.rules = new ResponseRules(
                builder.uri.toString(),
                builder.version.isHttp1() ? HandshakeKey.accept(key) : null,
                builder.subprotocols,
                builder.extensions);
        this.parser = HttpHeadParser.forResponses(builder.limits);
        this.maxBody = builder.maxBody;
    }

    /**
     * Begins a handshake.
     *
     * @param uri the address to connect to
     * @return a builder without extensions, subprotocols or headers
     */
    public static Builder to(WebSocketUri uri) {
        return new Builder(uri);
    }

    /**
     * Returns the request to send.
     *
     * @return the opening handshake, always the same
     */
    public HttpRequest request() {
        return request;
    }

    /**
     * Reads bytes of the response. Skips interim responses (RFC 9110 §15.2).
     *
     * <p>If this returns a result, the position of {@code input} is behind the head, and frames follow. If it returns
     * null, {@code input} is used up.
     *
     * @param input bytes as they came from the server, from position to limit; not changed, not kept after the call
     *
     * @return the agreed terms, or null if the response is not complete
     * @throws HandshakeException if the server refuses or its response breaks a rule. It has the response as far as it
     *     was read, or none if not even the status was read
     * @throws IllegalStateException if the request is not HTTP/1.1, or the handshake is complete
     */
    public @Nullable Agreement receive(ByteBuffer input) {
        if (!request.version().isHttp1()) {
            throw new IllegalStateException(request.version() + " has no text form: hand its response to verify");
        }
        if (agreed) {
            throw new IllegalStateException("the handshake is over: what follows are frames");
        }
        if (failure != null) {
            throw failure;
        }
        try {
            Agreement agreement = readResponse(input);
            agreed = agreement != null;
            return agreement;
        } catch (HandshakeException e) {
            failure = e;
            throw e;
        }
    }

    private @Nullable Agreement readResponse(ByteBuffer input) {
        while (refusal == null) {
            HttpResponse head = parser.parse(input);
            if (head == null) {
                return null;
            }
            if (head.status() == 101) {
                return verify(head);
            }
            if (head.status() >= 200) {
                refusal = new RefusalReader(head, maxBody);
            } else if (++interimResponses > MAX_INTERIM_RESPONSES) {
                throw ResponseRules.broken(ResponseViolation.TOO_MANY_INTERIM_RESPONSES, head);
            }
        }
        refusal.receive(input);
        return null;
    }

    /**
     * Returns a refusal whose head has arrived, but whose body is incomplete. A caller reports it if the rest does not
     * arrive in time.
     *
     * @return the failure with the response so far; null if there is none
     */
    public @Nullable HandshakeException refusal() {
        return refusal == null || failure != null ? null : refusal.soFar();
    }

    /**
     * Reports that the connection ended before the handshake was complete. Returns the failure that {@link #receive}
     * has thrown, if it has.
     *
     * @return the failure: with the response, if the connection ended inside or after its body
     */
    public HandshakeException endOfInput() {
        if (failure != null) {
            return failure;
        }
        if (refusal != null) {
            return refusal.endOfInput();
        }
        return new HandshakeException(
                parser.isBetweenHeads()
                        ? "the server closed the connection without a response"
                        : "the server closed the connection in the middle of its response",
                null);
    }

    /**
     * Verifies a response that another library has read (RFC 6455 §4.1).
     *
     * @param response the final response; its body is only kept for the exception
     * @return the agreed terms
     * @throws HandshakeException if the server refuses or its response breaks a rule, with that response
     */
    public Agreement verify(HttpResponse response) {
        return rules.verify(response);
    }

    /** Builds the request. Not thread-safe; may start any number of handshakes. */
    public static final class Builder {
        private final WebSocketUri uri;
        private final Headers.Builder headers = Headers.builder();
        private HttpVersion version = HttpVersion.HTTP_1_1;
        private Extensions extensions = Extensions.none();
        private List<String> subprotocols = List.of();
        private HeadLimits limits = HeadLimits.RESPONSES;
        private int maxBody = 8192;

        private Builder(WebSocketUri uri) {
            this.uri = uri;
        }

        /**
         * Offers extensions.
         *
         * @param extensions the extensions to offer; none by default
         * @return this
         */
        public Builder extensions(Extensions extensions) {
            this.extensions = extensions;
            return this;
        }

        /**
         * Offers subprotocols.
         *
         * @param names different tokens, in order of preference; none by default
         * @return this
         * @throws IllegalArgumentException if one is not a token, or occurs twice
         */
        public Builder subprotocols(List<String> names) {
            for (int i = 0; i < names.size(); i++) {
                HttpSyntax.requireToken("a subprotocol", names.get(i));
                if (names.indexOf(names.get(i)) < i) {
                    throw new IllegalArgumentException("a subprotocol is repeated, as number "
                            + (names.indexOf(names.get(i)) + 1) + " and as number " + (i + 1));
                }
            }
            this.subprotocols = List.copyOf(names);
            return this;
        }

        /**
         * Adds a header, such as {@code Origin}, {@code Cookie} or {@code Authorization}.
         *
         * @param name the header's name
         * @param value its value
         * @return this
         * @throws IllegalArgumentException if the handshake sets this header itself, the name is not a token, or the
         *     value has a character that a header line must not have
         */
        public Builder header(String name, String value) {
            return headers(Headers.of(name, value));
        }

        /**
         * Adds headers.
         *
         * @param more the header lines
         * @return this
         * @throws IllegalArgumentException if the handshake sets one of them itself
         */
        public Builder headers(Headers more) {
            UpgradeHeaders.requireFree(more);
            headers.addAll(more);
            return this;
        }

        /**
         * Sets the HTTP version of the request; HTTP/1.1 by default. In HTTP/2 and HTTP/3 the request is an extended
         * CONNECT (RFC 8441, RFC 9220), and the caller's HTTP library sends and receives it.
         *
         * @param version the version
         * @return this
         * @throws IllegalArgumentException if it is HTTP/1.0, which cannot upgrade
         */
        public Builder version(HttpVersion version) {
            if (version == HttpVersion.HTTP_1_0) {
                throw new IllegalArgumentException("a WebSocket needs HTTP/1.1 or later, not " + version);
            }
            this.version = version;
            return this;
        }

        /**
         * Limits the size of a response.
         *
         * @param limits the limits of its head; {@link HeadLimits#RESPONSES} by default
         * @param maxBody how many bytes of a refusal's body are kept at most; 8 KiB by default
         * @return this
         * @throws IllegalArgumentException if {@code maxBody} is negative
         */
        public Builder limits(HeadLimits limits, int maxBody) {
            if (maxBody < 0) {
                throw new IllegalArgumentException("a limit is not negative: " + maxBody);
            }
            this.limits = limits;
            this.maxBody = maxBody;
            return this;
        }

        /**
         * Starts a handshake.
         *
         * @return a handshake with a new key
         */
        public ClientHandshake start() {
            return new ClientHandshake(this, HandshakeKey.next(RANDOM));
        }
    }
}
