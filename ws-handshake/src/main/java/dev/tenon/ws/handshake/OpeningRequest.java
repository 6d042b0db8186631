package dev.tenon.ws.handshake;

import dev.tenon.ws.extension.ExtensionHeader;
import dev.tenon.ws.extension.ExtensionOffer;
import java.util.List;

/**
 * The request of an opening handshake (RFC 6455 §4.1, RFC 8441 §5).
 *
 * @param uri the address to connect to
 * @param subprotocols the offered subprotocols
 * @param offers the offered extensions
 * @param headers additional headers of the user
 */
record OpeningRequest(WebSocketUri uri, List<String> subprotocols, List<ExtensionOffer> offers, Headers headers) {
    HttpRequest upgrade(String key) {
        Headers.Builder all = Headers.builder();
        all.add("Host", uri.hostHeader());
        all.add("Upgrade", "websocket");
        all.add("Connection", "Upgrade");
        all.add(UpgradeHeaders.KEY, key);
        return new HttpRequest("GET", uri.resource(), HttpVersion.HTTP_1_1, withOffers(all));
    }

    HttpRequest extendedConnect(HttpVersion version) {
        Headers.Builder all = Headers.builder();
        all.add(":method", "CONNECT");
        all.add(":protocol", "websocket");
        all.add(":scheme", uri.secure() ? "https" : "http");
        all.add(":authority", uri.hostHeader());
        all.add(":path", uri.resource());
        return HttpRequest.ofPseudoHeaders(version, withOffers(all));
    }

    private Headers withOffers(Headers.Builder all) {
        all.add(UpgradeHeaders.VERSION, UpgradeHeaders.SUPPORTED_VERSION);
        if (!subprotocols.isEmpty()) {
            all.add(UpgradeHeaders.PROTOCOL, String.join(", ", subprotocols));
        }
        if (!offers.isEmpty()) {
            all.add(UpgradeHeaders.EXTENSIONS, ExtensionHeader.format(offers));
        }
        return all.addAll(headers).build();
    }
}
