package dev.tenon.ws.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file that a path names below a directory, and never one outside of it. Each segment is resolved as one
 * name, so that the file system finds no separators in it. The entry that is found must have exactly the requested
 * name, because some file systems ignore case, know short names, or drop dots at the end. Blocks on the disk.
 */
final class FileLookup {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");
    private static final String WELL_KNOWN = ".well-known";

    private FileLookup() {}

    /** Whether a segment can be the name of an entry. */
    static boolean isName(String segment) {
        return !segment.isEmpty()
                && (!segment.startsWith(".") || segment.equals(WELL_KNOWN))
                && segment.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
    }

    /**
     * Finds an entry and resolves its links.
     *
     * @param directory the directory in which the first name is looked up
     * @param names segments joined by slashes; empty for the directory itself
     * @return a file or a directory that exists, or null
     */
    static @Nullable Path find(Path directory, String names) throws IOException {
        try {
            Path root = directory.toRealPath();
            Path path = root;
            if (!names.isEmpty()) {
                for (String name : names.split("/", -1)) {
                    if (!isName(name)) {
                        return null;
                    }
                    path = path.resolve(name);
                }
            }
            boolean sameNames =
                    path.toRealPath(LinkOption.NOFOLLOW_LINKS).toString().equals(path.toString());
            Path real = path.toRealPath();
            return sameNames && real.startsWith(root) && Files.isReadable(real) ? real : null;
        } catch (InvalidPathException notOfThisFileSystem) {
            return null;
        } catch (AccessDeniedException denied) {
            LOG.log(Level.DEBUG, "a file cannot be read", denied);
            return null;
        } catch (
                FileSystemException
                        missing) { // or a name too long, a file where a directory is needed, a loop of links
            return null;
        }
    }
}
