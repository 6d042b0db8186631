package dev.tenon.ws.examples.usp;

import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.testkit.ExtensionLaws;
import java.util.List;

class UspProtocolProperties extends ExtensionLaws {
    @Override
    protected ExtensionProvider provider() {
        return new UspProtocol("proto::controller");
    }

    @Override
    protected List<ExtensionOffer> badElements() {
        return List.of(
                ExtensionOffer.of("bbf-usp-protocol"),
                ExtensionOffer.of("bbf-usp-protocol", ExtensionOffer.Parameter.flag("eid")),
                ExtensionOffer.of("bbf-usp-protocol", ExtensionOffer.Parameter.of("id", 1)));
    }
}
