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
 * <p>GET and HEAD, with {@code ETag} and {@code Last-Modified}, conditional requests (RFC 9110 §13) and one range of bytes
 * (§14). Files are read from the disk in pieces of 64 KiB, on threads of the server's own or on the server's executor, and
 * a piece is read when the client has taken the one before. A file that becomes shorter while it is sent ends the
 * connection, so that the client sees that it is cut.
 *
 * <p>A path leads to a file only if each of its segments is the name of an entry of the directory, as it is written there.
 * Not found are: names that begin with a dot, but for {@code .well-known} (RFC 8615), what a symbolic link leads to outside
 * the directory, and what is no regular file. Links inside it are followed, as Kubernetes makes them for its volumes.
 * Directories are never listed; {@code index.html} is sent for a path with a slash at its end. There is no compression.
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
     * The files of a directory.
     *
     * @param directory the directory, in any file system that can be read by channels; it may be a link, which is followed
     *     anew for each request
     * @return its files
     * @throws IllegalArgumentException if it is not a directory
     */
    public static StaticFiles of(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute)) {
            throw new IllegalArgumentException("there is no directory " + absolute);
        }
        return new StaticFiles(absolute, "index.html", Headers.empty(), Map.of());
    }

    /**
     * The same with another file for paths of directories.
     *
     * @param name a file's name; {@code index.html} by default
     * @return new files
     * @throws IllegalArgumentException if it is not the name of a file
     */
    public StaticFiles withIndex(String name) {
        if (!FileLookup.isName(name)) {
            throw new IllegalArgumentException("\"" + name + "\" is not the name of a file that can be asked for");
        }
        return new StaticFiles(directory, name, headers, types);
    }

    /**
     * The same with one more header in the responses that are about a file, such as {@code Cache-Control}.
     *
     * @param name its name
     * @param value its value
     * @return new files
     * @throws IllegalArgumentException if the name is no token, or the value could not stand in a line
     */
    public StaticFiles withHeader(String name, String value) {
        return new StaticFiles(
                directory, index, headers.toBuilder().add(name, value).build(), types);
    }

    /**
     * The same with a {@code Content-Type} for one more kind of files. The usual kinds of the web are known; all others are
     * {@code application/octet-stream}.
     *
     * @param extension what the names end with, without the dot; case does not matter
     * @param type for example {@code model/gltf-binary}
     * @return new files
     * @throws IllegalArgumentException if the type could not stand in a line
     */
    public StaticFiles withContentType(String extension, String type) {
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
