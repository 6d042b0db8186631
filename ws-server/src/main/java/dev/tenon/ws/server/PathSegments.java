package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.RequestViolation;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits the path of a request into decoded segments, and refuses paths that two programs could understand differently.
 */
final class PathSegments {
    private PathSegments() {}

    /**
     * The segments after the first slash, each one decoded.
     *
     * @throws HandshakeException with 400 if one is malformed, a dot segment, or holds a control character
     */
    static List<String> of(String path) {
        List<String> segments = new ArrayList<>();
        for (String part : path.substring(path.startsWith("/") ? 1 : 0).split("/", -1)) {
            String segment = PercentDecoder.decode(part);
            if (segment == null) {
                throw HandshakeException.refuse(RequestViolation.PATH_MALFORMED, "it is not percent-encoded UTF-8");
            }
            if (isForbidden(segment)) {
                throw HandshakeException.refuse(
                        RequestViolation.PATH_MALFORMED, "it has a dot segment or a control character");
            }
            segments.add(segment);
        }
        return segments;
    }

    /** Dot segments, which clients remove before they send (RFC 3986 §6.2.2.3), and control characters. */
    static boolean isForbidden(String segment) {
        return segment.equals(".") || segment.equals("..") || segment.chars().anyMatch(Character::isISOControl);
    }
}
