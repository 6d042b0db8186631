package dev.tenon.ws.server;

import dev.tenon.ws.handshake.Headers;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tells one state of a file from another (RFC 9110 §8.8), and the conditions of requests that it decides (§13).
 *
 * @param etag a strong entity tag, with its quotes
 * @param modified when the file was changed last, in whole seconds
 */
record Validators(String etag, Instant modified) {
    /** Of a file that was changed at a time and has a length. */
    static Validators of(Instant modified, long length) {
        String tag = Long.toHexString(modified.getEpochSecond()) + "-" + Integer.toHexString(modified.getNano()) + "-"
                + Long.toHexString(length);
        return new Validators('"' + tag + '"', Instant.ofEpochSecond(modified.getEpochSecond()));
    }

    /** The status that a request's conditions lead to: 200 for all is well, 304 or 412 (RFC 9110 §13.2.2). */
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
        List<String> tags = request.elements(name); // a tag of this server has no comma
        return tags.stream()
                .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || (weakly && tag.equals("W/" + etag)));
    }

    /** Whether a range may be served: {@code If-Range} names this state, or is not there (RFC 9110 §13.1.5). */
    boolean allowsRange(Headers request) {
        String condition = request.first("If-Range");
        if (condition == null || condition.equals(etag)) {
            return true;
        }
        Instant date = HttpDate.parse(condition);
        return date != null && date.equals(modified);
    }
}
