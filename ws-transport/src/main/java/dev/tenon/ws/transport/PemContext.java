package dev.tenon.ws.transport;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A TLS context of PEM files, which is created again when a file has changed. It checks the files once a second at
 * most. While the files are invalid, for example between the writing of a certificate and that of its key, it keeps the
 * last good context and logs an error. Thread-safe.
 */
public final class PemContext {
    private static final RateLimitedLog FAILURES =
            new RateLimitedLog(System.getLogger("dev.tenon.ws.transport"), Level.ERROR);
    private static final long CHECK_NANOS = 1_000_000_000L;

    /** Identifies a version of a file: a replaced file has another file key, a rewritten one another time. */
    private record Stamp(
            long modifiedMillis, long size, @Nullable Object fileKey) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
        }
    }

    private final PemFiles files;
    private final LongSupplier nanoTime;
    private List<Stamp> stamps;
    private SSLContext context;
    private long checked;

    PemContext(PemFiles files, LongSupplier nanoTime) throws IOException {
        this.files = files;
        this.nanoTime = nanoTime;
        stamps = stamps();
        context = files.context();
        checked = nanoTime.getAsLong();
    }

    /**
     * Reads the files and creates a context.
     *
     * @param files the files
     * @return a context that follows changes of the files
     * @throws IOException if they are invalid; the message names the file and the reason
     */
    public static PemContext of(PemFiles files) throws IOException {
        return new PemContext(files, System::nanoTime);
    }

    /**
     * The context of the newest valid files.
     *
     * @return the same object until the files change
     */
    public synchronized SSLContext newest() {
        long now = nanoTime.getAsLong();
        if (now - checked < CHECK_NANOS) {
            return context;
        }
        checked = now;
        try {
            // Before the files are read, so that the next check finds a change during reading.
            List<Stamp> seen = stamps();
            if (!seen.equals(stamps)) {
                context = files.context();
                stamps = seen;
            }
        } catch (IOException e) {
            FAILURES.log("TLS continues with the previous key, because " + e.getMessage(), e);
        }
        return context;
    }

    private List<Stamp> stamps() throws IOException {
        List<Stamp> found = new ArrayList<>();
        for (Path file : files.all()) {
            found.add(Stamp.of(file));
        }
        return found;
    }
}
