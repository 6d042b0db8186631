package dev.tenon.ws.server;

import dev.tenon.ws.handshake.Headers;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The validators of a file (RFC 9110 §8.8), which the conditions of requests are compared with (§13).
 *
 * @param etag a strong entity tag, with its quotes
 * @param modified the time of the last change, in whole seconds
 */
record Validators(String etag, Instant modified) {
    /** The validators of a file with a time of its last change and a length. */
    static Validators of(Instant modified, long length) {
        String tag = Long.toHexString(modified.getEpochSecond()) + "-" + Integer.toHexString(modified.getNano()) + "-"
                + Long.toHexString(length);
        return new Validators('"' + tag + '"', Instant.ofEpochSecond(modified.getEpochSecond()));
    }

    /** Evaluates the conditions of a request (RFC 9110 §13.2.2): 200 if they hold, else 304 or 412. */
    int status(Headers request) {
        if (request.count("If-Match") > 0) {
            if (!isListed(request, "If-Match", false)) {
                return 412;
            }
        } else if (isBefore(request.first("If-Unmodified-Since"))) {
            return 412;
        }
        if (request.count("If-None-Match") > 0) {
            return isListed(request, "If-None-Match", true) ? 304 : 200;
        }
        Instant since = HttpDate.parse(request.first("If-Modified-Since"));
        return since != null && !modified.isAfter(since) ? 304 : 200;
    }

    private boolean isBefore(@Nullable String date) {
        Instant limit = HttpDate.parse(date);
        return limit != null && modified.isAfter(limit);
    }

    private boolean isListed(Headers request, String name, boolean weakly) {
        List<String> tags = request.elements(name); // the tags of this server have no comma
        return tags.stream()
                .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || (weakly && tag.equals("W/" + etag)));
    }

    /** Whether a range may be served: {@code If-Range} is absent, or matches (RFC 9110 §13.1.5). */
    boolean allowsRange(Headers request) {
        String condition = request.first("If-Range");
        if (condition == null || condition.equals(etag)) {
            return true;
        }
        Instant date = HttpDate.parse(condition);
        return date != null && date.equals(modified);
    }
}
