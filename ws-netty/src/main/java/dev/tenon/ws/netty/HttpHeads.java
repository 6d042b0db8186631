package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.Http3Headers;
import java.util.Map;
import java.util.function.BiConsumer;

/** Converts Netty's heads of HTTP/1.1, HTTP/2 and HTTP/3 to those of ws-handshake, and back. */
final class HttpHeads {
    /**
     * The longest head that the codecs of HTTP/2 and HTTP/3 read, in bytes as SETTINGS_MAX_HEADER_LIST_SIZE counts them.
     * That is the limit of a client. A server also reads a head of this length, because Netty's codecs end the connection,
     * and so the WebSockets of others, for a longer one; then it refuses a head beyond {@link #LONGEST_REQUEST}.
     */
    static final int LONGEST_READ = HeadLimits.RESPONSES.maxLength();

    /** The longest head of a request of HTTP/2 or HTTP/3, in bytes of HTTP/1.1: as long as Netty's codec of that reads. */
    private static final int LONGEST_REQUEST =
            HttpObjectDecoder.DEFAULT_MAX_INITIAL_LINE_LENGTH + HttpObjectDecoder.DEFAULT_MAX_HEADER_SIZE;

    private HttpHeads() {}

    /** Converts the head of a request of HTTP/1.x. Throws a {@link HandshakeException} if it is malformed. */
    static HttpRequest request(io.netty.handler.codec.http.HttpRequest message) {
        if (message.decoderResult().isFailure()) {
            throw refusal(message.decoderResult().cause());
        }
        try {
            Headers.Builder headers = Headers.builder();
            message.headers().forEach(header -> headers.add(header.getKey(), header.getValue()));
            HttpVersion version =
                    message.protocolVersion().minorVersion() == 0 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
            return new HttpRequest(message.method().name(), message.uri(), version, headers.build());
        } catch (IllegalArgumentException e) {
            throw HandshakeException.refuse(400, "a malformed head");
        }
    }

    /** Selects the status code of the refusal (RFC 9110 §15.5.15, RFC 6585 §5). */
    private static HandshakeException refusal(Throwable broken) {
        return broken instanceof TooLongHttpLineException
                ? HandshakeException.refuse(414, "the target is too long")
                : broken instanceof TooLongHttpHeaderException
                        ? HandshakeException.refuse(431, "the head is too long")
                        : HandshakeException.refuse(400, "not HTTP");
    }

    /** Whether a message that is written to a connection of HTTP/1.1 ends a final response (RFC 9110 §15.2). */
    static boolean endsResponse(Object message) {
        boolean interim = message instanceof io.netty.handler.codec.http.HttpResponse head
                && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        return message instanceof LastHttpContent && !interim;
    }

    /** Converts the head of a request of HTTP/2 or HTTP/3. Throws a {@link HandshakeException} if it is malformed. */
    static HttpRequest request(HttpVersion version, Iterable<? extends Map.Entry<CharSequence, CharSequence>> read) {
        requireShort(read);
        try {
            return HttpRequest.ofPseudoHeaders(version, headers(read));
        } catch (IllegalArgumentException e) {
            throw HandshakeException.refuse(400, "a malformed head");
        }
    }

    /** Refuses the head of a stream that is too long, with 431 (RFC 6585 §5). */
    static void requireShort(Iterable<? extends Map.Entry<? extends CharSequence, ? extends CharSequence>> fields) {
        int length = 0;
        for (var field : fields) {
            length += field.getKey().length() + field.getValue().length() + 4; // ": " and the line end
        }
        if (length > LONGEST_REQUEST) {
            throw HandshakeException.refuse(431, "the head is too long");
        }
    }

    /** Converts the head of a response of HTTP/2 or HTTP/3. Throws a {@link HandshakeException} if it is malformed. */
    static HttpResponse response(Iterable<? extends Map.Entry<CharSequence, CharSequence>> read) {
        try {
            Headers all = headers(read);
            int status = Integer.parseInt(String.valueOf(all.first(":status")));
            return HttpResponse.of(status, all.toBuilder().remove(":status").build());
        } catch (IllegalArgumentException e) {
            throw new HandshakeException("the server's response has a malformed head", null);
        }
    }

    private static Headers headers(Iterable<? extends Map.Entry<CharSequence, CharSequence>> read) {
        Headers.Builder headers = Headers.builder();
        read.forEach(header ->
                headers.add(header.getKey().toString(), header.getValue().toString()));
        return headers.build();
    }

    static Http2Headers http2(HttpResponse response) {
        Http2Headers headers = new DefaultHttp2Headers().status(Integer.toString(response.status()));
        forEach(response.headers(), headers::add);
        return headers;
    }

    static Http2Headers http2(HttpRequest request) {
        Http2Headers headers = new DefaultHttp2Headers();
        forEach(request.headers(), headers::add);
        return headers;
    }

    static Http3Headers http3(HttpResponse response) {
        Http3Headers headers = new DefaultHttp3Headers().status(Integer.toString(response.status()));
        forEach(response.headers(), headers::add);
        return headers;
    }

    static Http3Headers http3(HttpRequest request) {
        Http3Headers headers = new DefaultHttp3Headers();
        forEach(request.headers(), headers::add);
        return headers;
    }

    /** Calls an action for each header field, with the name in lower case, as HTTP/2 and HTTP/3 require. */
    private static void forEach(Headers headers, BiConsumer<String, String> action) {
        headers.toMap().forEach((name, values) -> values.forEach(value -> action.accept(name, value)));
    }
}
