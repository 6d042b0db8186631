package dev.tenon.ws.server;

import dev.tenon.ws.connection.Upgrade;
import dev.tenon.ws.connection.Wire;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpBodyReader;
import dev.tenon.ws.handshake.HttpHeadParser;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.TrustedProxies;
import dev.tenon.ws.handshake.UpgradeRequest;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Protocol;
import dev.tenon.ws.transport.Recorder;
import dev.tenon.ws.transport.Seldom;
import dev.tenon.ws.transport.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on one link, until it goes over to WebSocket: reads requests one at a time, sends those that want a WebSocket
 * and have a route to its endpoint, and all others to the HTTP handler.
 */
final class HttpProtocol implements Protocol {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");
    private static final Seldom FAILURES = new Seldom(LOG, Level.ERROR);
    /** How long a client may take to end its direction after the last response. */
    private static final long LINGER_NANOS = 2_000_000_000L;

    private enum State {
        READING_HEAD,
        READING_BODY,
        ANSWERING,
        CLOSING
    }

    private final ServerCore server;
    private final Link link;
    private final Admission.Place place;
    private final HttpHeadParser<HttpRequest> parser;
    private State state = State.READING_HEAD;
    private @Nullable HttpRequest request;
    /** The path of the newest request, for the record. */
    private @Nullable String target;

    private @Nullable Peer peer;
    private @Nullable HttpBodyReader body;
    private long deadline;
    private boolean draining;
    /** The client has not taken the response yet: its next request waits. */
    private boolean throttled;

    HttpProtocol(ServerCore server, Link link, Admission.Place place) {
        this.server = server;
        this.link = link;
        this.place = place;
        this.parser = HttpHeadParser.forRequests(server.headLimits());
    }

    @Override
    public void received(ByteBuffer input) {
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = switch (state) {
                    case READING_HEAD -> !throttled && readHead(input);
                    case READING_BODY -> readBody(input);
                    case ANSWERING -> false; // the link is paused, what is left comes again
                    case CLOSING -> drop(input);
                };
            }
        } catch (HandshakeException refusal) {
            refuse(refusal);
            drop(input);
        }
    }

    private static boolean drop(ByteBuffer input) {
        input.position(input.limit());
        return false;
    }

    private boolean readHead(ByteBuffer input) {
        HttpRequest head = parser.parse(input);
        if (head == null) {
            return false;
        }
        target = head.path();
        if (!place.isAdmitted()) {
            throw HandshakeException.refuse(503, "too many connections");
        }
        Peer client = peer(head);
        if (ServerHandshake.isUpgrade(head)) {
            Endpoint endpoint = server.routes().find(head.path());
            if (endpoint != null) {
                upgrade(head, client, endpoint, input);
                return false;
            }
        }
        request = head;
        peer = client;
        body = HttpBodyReader.of(head, server.maxHttpBody());
        state = State.READING_BODY;
        if (head.version() != HttpVersion.HTTP_1_0
                && "100-continue".equalsIgnoreCase(head.headers().first("Expect"))) { // RFC 9110 §10.1.1
            send(HttpResponse.of(100, Headers.empty()));
        }
        return true;
    }

    private boolean readBody(ByteBuffer input) {
        HttpBodyReader reader = body;
        HttpRequest head = request;
        Peer client = peer;
        if (reader == null || head == null || client == null || !reader.read(input)) {
            return false;
        }
        if (reader.isTruncated()) {
            throw HandshakeException.refuse(413, "the body is longer than " + server.maxHttpBody() + " bytes");
        }
        answer(head, reader.body(), client);
        return true;
    }

    private Peer peer(HttpRequest head) {
        TrustedProxies.Client client = server.proxies().client(head, remote(), link.isSecure());
        return new Peer(client.address(), client.secure(), link.session());
    }

    private @Nullable InetSocketAddress remote() {
        return link.remoteAddress() instanceof InetSocketAddress inet ? inet : null;
    }

    // WebSocket

    private void upgrade(HttpRequest head, Peer client, Endpoint endpoint, ByteBuffer input) {
        UpgradeRequest upgrade = server.handshake().check(head, client.secure(), client.address());
        if (server.proxies().isTrusted(remote()) && !claim(client)) {
            throw HandshakeException.refuse(503, "too many connections from this address");
        }
        Acceptance acceptance;
        Agreement agreement;
        try {
            acceptance = endpoint.accept(upgrade, client);
            String subprotocol = acceptance.subprotocol();
            agreement = subprotocol == null
                    ? server.handshake().accept(upgrade, acceptance.headers())
                    : server.handshake().accept(upgrade, subprotocol, acceptance.headers());
        } catch (HandshakeException refusal) {
            throw refusal;
        } catch (Exception broken) {
            FAILURES.log("the endpoint of " + head.path() + " has failed", broken);
            throw HandshakeException.refuse(500, "internal error");
        }
        send(agreement.response());
        Upgrade settled = server.upgrades()
                .sharing(new Upgrade(agreement.url(), agreement.subprotocol(), agreement.extensions()));
        Executor executor = acceptance.executor() == null ? server.executor() : acceptance.executor();
        Session session = Session.open(link, Role.SERVER, server.options(), settled, acceptance.listener(), executor);
        if (draining) {
            session.drain();
        }
        if (input.hasRemaining()) {
            session.received(input);
        }
    }

    /** Counts the connection for the client behind the proxy. */
    private boolean claim(Peer client) {
        return client.address() == null || place.claim(client.address().getAddress());
    }

    // Plain HTTP

    private void answer(HttpRequest head, ByteBuffer content, Peer client) {
        state = State.ANSWERING;
        link.pauseInput();
        try {
            server.http().handle(head, content, client).whenComplete((response, failure) -> {
                if (link.loop().inLoop()) {
                    answered(head, response, failure);
                } else {
                    link.loop().execute(() -> answered(head, response, failure));
                }
            });
        } catch (Exception failure) {
            answered(head, null, failure);
        }
    }

    /** Whoever calls this swallows what is thrown. */
    private void answered(HttpRequest head, @Nullable HttpResponse response, @Nullable Throwable failure) {
        try {
            if (state == State.ANSWERING && !link.isClosed()) {
                respond(head, response, failure);
            }
        } catch (Throwable broken) {
            FAILURES.log("a response cannot be sent", broken);
            link.failed(broken);
        }
    }

    private void respond(HttpRequest head, @Nullable HttpResponse response, @Nullable Throwable failure) {
        HttpResponse answer = response != null && failure == null ? response : answerTo(failure);
        boolean last = draining
                || head.version() == HttpVersion.HTTP_1_0
                || head.headers().hasToken("Connection", "close")
                || answer.headers().hasToken("Connection", "close");
        ByteBuffer bytes;
        try {
            bytes = forMethod(head, last ? answer.closing() : answer).encode();
        } catch (RuntimeException broken) {
            FAILURES.log("what the HTTP handler has answered is no response", broken);
            bytes = HttpResponse.text(500, "internal error\n").closing().encode();
            last = true;
        }
        send(bytes);
        request = null;
        peer = null;
        body = null;
        deadline = 0;
        if (last) {
            close();
        } else {
            state = State.READING_HEAD;
            throttled = link.backlog() > 0;
        }
        if (!throttled) {
            link.resume();
        }
    }

    @Override
    public void writable() {
        if (throttled) {
            throttled = false;
            link.resume();
        }
    }

    private static HttpResponse answerTo(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof HandshakeException refusal) {
            return refusal.answer();
        }
        FAILURES.log("the HTTP handler has failed", cause);
        return HttpResponse.text(500, "internal error\n").closing();
    }

    private static HttpResponse forMethod(HttpRequest head, HttpResponse answer) {
        if (!head.method().equals("HEAD")) {
            return answer;
        }
        Headers headers = answer.headers();
        if (headers.first("Content-Length") == null && answer.status() != 204 && answer.status() != 304) {
            headers = headers.toBuilder()
                    .add("Content-Length", Integer.toString(answer.body().remaining()))
                    .build();
        }
        return answer.withHeaders(headers).withBody(ByteBuffer.allocate(0));
    }

    private void send(HttpResponse response) {
        send(response.encode());
    }

    private void send(ByteBuffer bytes) {
        if (bytes.remaining() <= Wire.MAX_RESERVE) {
            link.reserve(bytes.remaining()).put(bytes);
        } else {
            link.write(bytes);
        }
    }

    // The end

    private void refuse(HandshakeException refusal) {
        link.loop().counters().countRefused();
        HttpResponse answer = refusal.answer();
        String reason = Objects.requireNonNullElse(refusal.getMessage(), "");
        Recorder.here().refused(link, target, answer.status(), reason);
        send(answer.closing());
        close();
    }

    /** The last response was sent: no more output, and input is dropped until the client has read it and ends too. */
    private void close() {
        state = State.CLOSING;
        deadline = 0;
        link.shutdownOutput();
    }

    @Override
    public void inputEnded() {
        link.finish();
    }

    /** The client reads: it has as much time again. */
    @Override
    public void progressed() {
        deadline = 0;
    }

    @Override
    public void tick(long nowNanos) {
        if (state == State.ANSWERING) {
            return;
        }
        if (deadline == 0) {
            deadline = nowNanos + (state == State.CLOSING ? LINGER_NANOS : server.handshakeNanos());
        } else if (nowNanos - deadline >= 0) {
            if (link.backlog() > 0) { // nothing of a response has left in all that time
                link.abort();
                return;
            }
            boolean idle = state == State.READING_HEAD && parser.isBetweenHeads();
            if (state == State.CLOSING || idle) {
                link.finish(); // an idle client is no error
            } else {
                refuse(HandshakeException.refuse(408, "the request took too long"));
            }
        }
    }

    @Override
    public void drain() {
        draining = true;
        if (state == State.READING_HEAD && parser.isBetweenHeads()) {
            link.finish();
        }
    }

    @Override
    public void closed(@Nullable IOException cause) {
        state = State.CLOSING;
        if (cause != null) {
            LOG.log(Level.DEBUG, "a connection has failed before it became a WebSocket", cause);
        }
    }
}
