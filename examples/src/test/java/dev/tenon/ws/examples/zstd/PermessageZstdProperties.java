package dev.tenon.ws.examples.zstd;

import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.testkit.ExtensionLaws;
import java.util.List;

/** Its first offer has context takeover, its second has none: the laws accept both. */
class PermessageZstdProperties extends ExtensionLaws {
    @Override
    protected ExtensionProvider provider() {
        return new PermessageZstd();
    }

    @Override
    protected long held(ExtensionProvider provider) {
        return ((PermessageZstd) provider).openContexts();
    }

    @Override
    protected List<ExtensionOffer> badElements() {
        return List.of(
                ExtensionOffer.of("x-permessage-zstd"),
                ExtensionOffer.of("x-permessage-zstd", Parameter.flag("context_takeover")),
                ExtensionOffer.of("x-permessage-zstd", new Parameter("dictionary", "00000000")));
    }
}
