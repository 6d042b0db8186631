package dev.tenon.ws.suite;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes and decodes heads of HTTP/3 by QPACK (RFC 9204). Encodes only literals. The suite allows no dynamic table, so
 * a peer may not refer to one.
 */
final class Qpack {
    /** RFC 9204 Appendix A. */
    private static final List<Field> STATIC = Arrays.stream("""
            :authority
            :path /
            age 0
            content-disposition
            content-length 0
            cookie
            date
            etag
            if-modified-since
            if-none-match
            last-modified
            link
            location
            referer
            set-cookie
            :method CONNECT
            :method DELETE
            :method GET
            :method HEAD
            :method OPTIONS
            :method POST
            :method PUT
            :scheme http
            :scheme https
            :status 103
            :status 200
            :status 304
            :status 404
            :status 503
            accept */*
            accept application/dns-message
            accept-encoding gzip, deflate, br
            accept-ranges bytes
            access-control-allow-headers cache-control
            access-control-allow-headers content-type
            access-control-allow-origin *
            cache-control max-age=0
            cache-control max-age=2592000
            cache-control max-age=604800
            cache-control no-cache
            cache-control no-store
            cache-control public, max-age=31536000
            content-encoding br
            content-encoding gzip
            content-type application/dns-message
            content-type application/javascript
            content-type application/json
            content-type application/x-www-form-urlencoded
            content-type image/gif
            content-type image/jpeg
            content-type image/png
            content-type text/css
            content-type text/html; charset=utf-8
            content-type text/plain
            content-type text/plain;charset=utf-8
            range bytes=0-
            strict-transport-security max-age=31536000
            strict-transport-security max-age=31536000; includesubdomains
            strict-transport-security max-age=31536000; includesubdomains; preload
            vary accept-encoding
            vary origin
            x-content-type-options nosniff
            x-xss-protection 1; mode=block
            :status 100
            :status 204
            :status 206
            :status 302
            :status 400
            :status 403
            :status 421
            :status 425
            :status 500
            accept-language
            access-control-allow-credentials FALSE
            access-control-allow-credentials TRUE
            access-control-allow-headers *
            access-control-allow-methods get
            access-control-allow-methods get, post, options
            access-control-allow-methods options
            access-control-expose-headers content-length
            access-control-request-headers content-type
            access-control-request-method get
            access-control-request-method post
            alt-svc clear
            authorization
            content-security-policy script-src 'none'; object-src 'none'; base-uri 'none'
            early-data 1
            expect-ct
            forwarded
            if-range
            origin
            purpose prefetch
            server
            timing-allow-origin *
            upgrade-insecure-requests 1
            user-agent
            x-forwarded-for
            x-frame-options deny
            x-frame-options sameorigin""".split("\n"))
            .map(line -> line.strip().split(" ", 2))
            .map(words -> new Field(words[0], words.length > 1 ? words[1] : ""))
            .toList();

    private Qpack() {}

    /** Encodes the fields as literals with literal names (RFC 9204 §4.5.6). */
    static byte[] encode(List<Field> fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0); // no entry of a dynamic table is required (RFC 9204 §4.5.1)
        block.write(0);
        for (Field field : fields) {
            FieldText.write(block, 0x20, 3, field.name());
            FieldText.write(block, 0, 7, field.value());
        }
        return block.toByteArray();
    }

    /** Returns the fields of a whole block; throws if it is malformed. */
    static List<Field> decode(byte[] block) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(block);
        if (FieldText.readNumber(in, 8) != 0) {
            throw new IOException("a head refers to a dynamic table, which the suite does not allow (RFC 9204 §3.2.3)");
        }
        FieldText.readNumber(in, 7);
        List<Field> fields = new ArrayList<>();
        while (in.hasRemaining()) {
            fields.add(field(in));
        }
        return fields;
    }

    private static Field field(ByteBuffer in) throws IOException {
        int first = in.get(in.position()) & 255;
        if ((first & 0xC0) == 0xC0) {
            return entry(FieldText.readNumber(in, 6));
        }
        if ((first & 0xD0) == 0x50) {
            return new Field(entry(FieldText.readNumber(in, 4)).name(), FieldText.read(in, 7));
        }
        if ((first & 0xE0) == 0x20) {
            return new Field(FieldText.read(in, 3), FieldText.read(in, 7));
        }
        throw new IOException("a head refers to a dynamic table (RFC 9204 §4.5)");
    }

    private static Field entry(int index) throws IOException {
        if (index >= STATIC.size()) {
            throw new IOException("a head refers to a field that is not there (RFC 9204 §3.1)");
        }
        return STATIC.get(index);
    }
}
