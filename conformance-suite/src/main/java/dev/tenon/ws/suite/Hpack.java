package dev.tenon.ws.suite;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes and decodes heads of HTTP/2 by HPACK (RFC 7541). Decodes all forms, encodes only literals. One object for
 * each connection.
 */
final class Hpack {
    private static final int ENTRY_OVERHEAD = 32;
    private static final int LARGEST_TABLE = 4096;

    /** RFC 7541 Appendix A. */
    private static final List<Field> STATIC = Arrays.stream("""
            :authority
            :method GET
            :method POST
            :path /
            :path /index.html
            :scheme http
            :scheme https
            :status 200
            :status 204
            :status 206
            :status 304
            :status 400
            :status 404
            :status 500
            accept-charset
            accept-encoding gzip, deflate
            accept-language
            accept-ranges
            accept
            access-control-allow-origin
            age
            allow
            authorization
            cache-control
            content-disposition
            content-encoding
            content-language
            content-length
            content-location
            content-range
            content-type
            cookie
            date
            etag
            expect
            expires
            from
            host
            if-match
            if-modified-since
            if-none-match
            if-range
            if-unmodified-since
            last-modified
            link
            location
            max-forwards
            proxy-authenticate
            proxy-authorization
            range
            referer
            refresh
            retry-after
            server
            set-cookie
            strict-transport-security
            transfer-encoding
            user-agent
            vary
            via
            www-authenticate""".split("\n"))
            .map(line -> line.strip().split(" ", 2))
            .map(words -> new Field(words[0], words.length > 1 ? words[1] : ""))
            .toList();

    /** The dynamic table of the peer's encoder, the newest entry first. */
    private final List<Field> dynamic = new ArrayList<>();

    private int size;
    private int most = LARGEST_TABLE;

    // Encoding

    /** Encodes the fields as literals without indexing (RFC 7541 §6.2.2). */
    static byte[] encode(List<Field> fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (Field field : fields) {
            block.write(0);
            FieldText.write(block, 0, 7, field.name());
            FieldText.write(block, 0, 7, field.value());
        }
        return block.toByteArray();
    }

    // Decoding

    /** Returns the fields of a whole block; throws if it is malformed. */
    List<Field> decode(byte[] block) throws IOException {
        List<Field> fields = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(block);
        while (in.hasRemaining()) {
            int first = in.get(in.position()) & 255;
            if (first >= 128) {
                fields.add(entry(FieldText.readNumber(in, 7)));
            } else if (first >= 64) {
                Field field = readLiteral(in, 6);
                fields.add(field);
                remember(field);
            } else if (first >= 32) {
                resize(FieldText.readNumber(in, 5));
            } else {
                fields.add(readLiteral(in, 4));
            }
        }
        return fields;
    }

    private Field readLiteral(ByteBuffer in, int prefix) throws IOException {
        int index = FieldText.readNumber(in, prefix);
        String name = index == 0 ? FieldText.read(in, 7) : entry(index).name();
        return new Field(name, FieldText.read(in, 7));
    }

    private Field entry(int index) throws IOException {
        if (index < 1 || index > STATIC.size() + dynamic.size()) {
            throw new IOException("the head of a response refers to a field that is not there (RFC 7541 §2.3.3)");
        }
        return index <= STATIC.size() ? STATIC.get(index - 1) : dynamic.get(index - STATIC.size() - 1);
    }

    private void remember(Field field) {
        dynamic.add(0, field);
        size += cost(field);
        evict();
    }

    private void resize(int bytes) throws IOException {
        if (bytes > LARGEST_TABLE) {
            throw new IOException("the peer's table for heads is larger than it was allowed (RFC 7541 §6.3)");
        }
        most = bytes;
        evict();
    }

    private void evict() {
        while (size > most) {
            size -= cost(dynamic.remove(dynamic.size() - 1));
        }
    }

    private static int cost(Field field) {
        return field.name().length() + field.value().length() + ENTRY_OVERHEAD;
    }
}
