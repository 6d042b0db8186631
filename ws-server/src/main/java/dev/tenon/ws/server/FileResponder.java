package dev.tenon.ws.server;

import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Responds with the files of a directory. Blocks on the disk. */
record FileResponder(StaticFiles files) {
    /** The name of the path parameter that names the file. */
    static final String PARAMETER = "file";

    private static final Reply NOT_FOUND = new Reply(HttpResponse.text(404, "Not found.\n"), null);

    Reply respond(HttpExchange exchange) throws IOException {
        String names = exchange.pathParameter(PARAMETER);
        boolean asDirectory = names.isEmpty() || names.endsWith("/");
        String trimmed = names.endsWith("/") ? names.substring(0, names.length() - 1) : names;
        Path found = FileLookup.find(files.directory(), trimmed);
        if (found == null) {
            return NOT_FOUND;
        }
        if (Files.isDirectory(found)) {
            if (!asDirectory) {
                return redirectToDirectory(exchange);
            }
            trimmed = trimmed.isEmpty() ? files.index() : trimmed + "/" + files.index();
            found = FileLookup.find(files.directory(), trimmed);
        } else if (asDirectory) {
            return NOT_FOUND;
        }
        return found == null ? NOT_FOUND : respond(exchange, found, files.typeOf(trimmed));
    }

    /**
     * Redirects to the path with a slash at its end, so that browsers resolve relative links of the index page in the
     * directory. The path begins with one slash only, so the location names no other host.
     */
    static Reply redirectToDirectory(HttpExchange exchange) {
        String query = exchange.request().query();
        String target = exchange.path() + "/" + (query == null ? "" : "?" + query);
        return new Reply(HttpResponse.of(301, Headers.of("Location", target)), null);
    }

    private Reply respond(HttpExchange exchange, Path file, String type) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) { // reading a pipe would block, and a device may never end
            return NOT_FOUND;
        }
        FileBody body;
        try {
            body = FileBody.open(file);
        } catch (NoSuchFileException e) {
            return NOT_FOUND;
        }
        Reply reply = null;
        try {
            Validators validators = Validators.of(attributes.lastModifiedTime().toInstant(), body.remaining());
            reply = respond(exchange, type, body, validators);
            return reply;
        } finally {
            if (reply == null || reply.body() == null) {
                body.close();
            }
        }
    }

    private Reply respond(HttpExchange exchange, String type, FileBody body, Validators validators) {
        Headers request = exchange.headers();
        Headers.Builder headers = files.headers().toBuilder()
                .add("ETag", validators.etag())
                .add("Last-Modified", HttpDate.notLaterThanNow(validators.modified()));
        int status = validators.status(request);
        if (status != 200) {
            return new Reply(HttpResponse.of(status, headers.build()), null);
        }
        headers.add("Accept-Ranges", "bytes");
        long length = body.remaining();
        ByteRange range = exchange.method().equals("GET") && validators.allowsRange(request)
                ? ByteRange.parse(request.first("Range"), length)
                : null;
        if (range != null && range.isUnsatisfiable()) {
            headers.add("Content-Range", "bytes */" + length);
            return new Reply(HttpResponse.of(416, headers.build()), null);
        }
        headers.add("Content-Type", type);
        headers.add("X-Content-Type-Options", "nosniff");
        return new Reply(
                HttpResponse.of(range == null ? 200 : 206, ranged(headers, range, length)), selected(body, range));
    }

    private static Headers ranged(Headers.Builder headers, @Nullable ByteRange range, long length) {
        if (range != null) {
            long last = range.first() + range.length() - 1;
            headers.add("Content-Range", "bytes " + range.first() + "-" + last + "/" + length);
        }
        return headers.build();
    }

    private static FileBody selected(FileBody body, @Nullable ByteRange range) {
        if (range != null) {
            body.select(range.first(), range.length());
        }
        return body;
    }
}
