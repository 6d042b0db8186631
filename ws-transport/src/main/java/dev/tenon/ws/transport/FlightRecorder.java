package dev.tenon.ws.transport;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.frame.Violation;
import dev.tenon.ws.handshake.HandshakeException;
import java.net.SocketAddress;
import java.util.stream.Collectors;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** Writes events to the flight recorder. This class is loaded only if the module {@code jdk.jfr} is present. */
@SuppressWarnings("UnusedVariable") // the flight recorder reads the fields
final class FlightRecorder implements Recorder {
    @Override
    public void opened(WebSocket session, Role role, Transport transport) {
        Opened event = new Opened();
        if (event.isEnabled()) {
            event.connection = System.identityHashCode(session);
            event.role = role.name();
            event.url = address(session);
            event.remote = remote(transport);
            event.subprotocol = session.subprotocol();
            event.extensions =
                    session.extensions().stream().map(ExtensionOffer::toString).collect(Collectors.joining(", "));
            event.commit();
        }
    }

    @Override
    public void closed(WebSocket session, CloseEvent how) {
        Closed event = new Closed();
        if (event.isEnabled()) {
            event.connection = System.identityHashCode(session);
            event.url = address(session);
            event.code = how.code().value();
            event.reason = how.reason();
            event.clean = how.wasClean();
            event.cause = how.cause() == null ? null : how.cause().toString();
            event.violation = how.cause() instanceof ProtocolException broken
                    ? broken.violation().id()
                    : null;
            event.commit();
        }
    }

    @Override
    public void refused(Transport transport, @Nullable String target, HandshakeException refusal) {
        Refused event = new Refused();
        if (event.isEnabled()) {
            event.remote = remote(transport);
            event.target = target;
            event.status = refusal.toResponse().status();
            event.reason = refusal.getMessage();
            event.violation = id(refusal.violation());
            event.commit();
        }
    }

    @Override
    public @Nullable Stall stalled(@Nullable SocketAddress remote) {
        Backpressure event = new Backpressure();
        if (!event.isEnabled()) {
            return null;
        }
        event.remote = String.valueOf(remote);
        event.begin();
        return event;
    }

    private static @Nullable String id(@Nullable Violation violation) {
        return violation == null ? null : violation.id();
    }

    /** Without the query, which may hold a token. */
    private static String address(WebSocket session) {
        String url = session.url();
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    private static String remote(Transport transport) {
        return String.valueOf(transport.remoteAddress());
    }

    @Name("dev.tenon.ws.ConnectionOpened")
    @Label("WebSocket Opened")
    @Category("Tenon")
    @StackTrace(false)
    private static final class Opened extends Event {
        @Label("Connection")
        int connection;

        @Label("Role")
        @Nullable
        String role;

        @Label("URL")
        @Nullable
        String url;

        @Label("Remote Address")
        @Nullable
        String remote;

        @Label("Subprotocol")
        @Nullable
        String subprotocol;

        @Label("Extensions")
        @Nullable
        String extensions;
    }

    @Name("dev.tenon.ws.ConnectionClosed")
    @Label("WebSocket Closed")
    @Category("Tenon")
    @StackTrace(false)
    private static final class Closed extends Event {
        @Label("Connection")
        int connection;

        @Label("URL")
        @Nullable
        String url;

        @Label("Close Code")
        int code;

        @Label("Reason")
        @Nullable
        String reason;

        @Label("Clean")
        @Description("Whether Close frames went both ways")
        boolean clean;

        @Label("Cause")
        @Nullable
        String cause;

        @Label("Violation")
        @Description("The id of the rule that the peer broke, as docs/violations.md lists them")
        @Nullable
        String violation;
    }

    @Name("dev.tenon.ws.HandshakeRefused")
    @Label("Request Refused")
    @Category("Tenon")
    @StackTrace(false)
    private static final class Refused extends Event {
        @Label("Remote Address")
        @Nullable
        String remote;

        @Label("Target")
        @Nullable
        String target;

        @Label("Status")
        int status;

        @Label("Reason")
        @Nullable
        String reason;

        @Label("Violation")
        @Description("The id of the rule that the peer broke, as docs/violations.md lists them; null if it broke none")
        @Nullable
        String violation;
    }

    @Name("dev.tenon.ws.Backpressure")
    @Label("Backpressure")
    @Description("Bytes wait for a peer that is slower than this end")
    @Category("Tenon")
    @StackTrace(false)
    @Threshold("10 ms")
    private static final class Backpressure extends Event implements Stall {
        @Label("Remote Address")
        @Nullable
        String remote;

        @Override
        public void over() {
            commit();
        }
    }
}
