package dev.tenon.ws.server;

import dev.tenon.ws.handshake.Headers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The files of a directory, for {@link RouteBuilder#files(String, StaticFiles)}. Immutable and thread-safe.
 *
 * <pre>{@code
 * builder.files("/assets", StaticFiles.of(Path.of("web")).withHeader("Cache-Control", "max-age=3600"))
 * }</pre>
 *
 * <p>They are served for GET and HEAD, with {@code ETag} and {@code Last-Modified}, conditional requests (RFC 9110 §13)
 * and one range of bytes (§14). Files are read in pieces of 64 KiB, on threads of the server's own or on the server's
 * executor, and the next piece is read when the client has taken the piece before. If a file becomes shorter while it
 * is being sent, the server ends the connection, so that the client notices that the body is cut.
 *
 * <p>A path names a file only if each of its segments is exactly the name of an entry. These get 404: names that begin
 * with a dot, except {@code .well-known} (RFC 8615); symbolic links that lead out of the directory; and everything that
 * is not a regular file. Links that stay in the directory are followed; Kubernetes makes such links in its volumes.
 * Directories are never listed; a path with a slash at its end gets the file {@code index.html}. Nothing is compressed.
 */
public final class StaticFiles {
    private final Path directory;
    private final String index;
    private final Headers headers;
    private final Map<String, String> types;

    private StaticFiles(Path directory, String index, Headers headers, Map<String, String> types) {
        this.directory = directory;
        this.index = index;
        this.headers = headers;
        this.types = Map.copyOf(types);
    }

    /**
     * Describes the files of a directory.
     *
     * @param directory the directory, in any file system that supports channels; it may be a symbolic link, which is
     *     resolved for each request
     * @return its files
     * @throws IllegalArgumentException if it is not a directory
     */
    public static StaticFiles of(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute)) {
            String problem = Files.exists(absolute) ? "this is not a directory: " : "there is no directory ";
            throw new IllegalArgumentException(problem + absolute);
        }
        return new StaticFiles(absolute, "index.html", Headers.empty(), Map.of());
    }

    /**
     * Returns these files with another index file, for paths with a slash at their end.
     *
     * @param name a file's name; {@code index.html} by default
     * @return new files
     * @throws IllegalArgumentException if it is not the name of a file
     */
    public StaticFiles withIndex(String name) {
        if (!FileLookup.isName(name)) {
            throw new IllegalArgumentException("\"" + name + "\" is not the name of a file that a request can name");
        }
        return new StaticFiles(directory, name, headers, types);
    }

    /**
     * Returns these files with one more header, such as {@code Cache-Control}, in all responses about a file.
     *
     * @param name its name
     * @param value its value
     * @return new files
     * @throws IllegalArgumentException if the name is not a token, or the value has a line break or a control character
     */
    public StaticFiles withHeader(String name, String value) {
        return new StaticFiles(
                directory, index, headers.toBuilder().add(name, value).build(), types);
    }

    /**
     * Returns these files with the {@code Content-Type} of one more file name extension. Those that are usual on the
     * web are known; files with any other are {@code application/octet-stream}.
     *
     * @param extension the end of the name, without the dot; case does not matter
     * @param type for example {@code model/gltf-binary}
     * @return new files
     * @throws IllegalArgumentException if the extension is empty or has a dot, or the type has a line break or a control
     *     character
     */
    public StaticFiles withContentType(String extension, String type) {
        if (extension.isEmpty() || extension.indexOf('.') >= 0) {
            throw new IllegalArgumentException(
                    "a file name extension is written without a dot, not \"" + extension + "\"");
        }
        Headers.of("Content-Type", type);
        Map<String, String> more = new HashMap<>(types);
        more.put(extension.toLowerCase(Locale.ROOT), type);
        return new StaticFiles(directory, index, headers, more);
    }

    Path directory() {
        return directory;
    }

    String index() {
        return index;
    }

    Headers headers() {
        return headers;
    }

    String typeOf(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String own = types.get(extension);
        return own == null ? ContentTypes.of(extension) : own;
    }
}
