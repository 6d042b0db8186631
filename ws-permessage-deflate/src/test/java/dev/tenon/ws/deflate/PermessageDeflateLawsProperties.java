package dev.tenon.ws.deflate;

import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.testkit.ExtensionLaws;
import java.util.List;
import net.jqwik.api.Group;

@SuppressWarnings("ClassCanBeStatic") // jqwik wants its groups as inner classes
class PermessageDeflateLawsProperties {
    @Group
    class Defaults extends Laws {
        Defaults() {
            super(DeflateOptions.defaults());
        }
    }

    @Group
    class TakeoverBothWays extends Laws {
        TakeoverBothWays() {
            super(DeflateOptions.defaults()
                    .withTakeover(true, true)
                    .withMinimumSize(0)
                    .withPooledCodecs(1));
        }
    }

    @Group
    class DedicatedWithSmallWindows extends Laws {
        DedicatedWithSmallWindows() {
            super(DeflateOptions.defaults()
                    .withTakeover(true, true)
                    .withWindowBits(9, 9)
                    .withMemory(MemoryMode.DEDICATED));
        }
    }

    abstract static class Laws extends ExtensionLaws {
        private final DeflateOptions options;

        Laws(DeflateOptions options) {
            this.options = options;
        }

        @Override
        protected ExtensionProvider provider() {
            return new PermessageDeflate(options);
        }

        @Override
        protected long held(ExtensionProvider provider) {
            return ((PermessageDeflate) provider).codecsOut();
        }

        @Override
        protected List<ExtensionOffer> badElements() {
            return List.of(
                    ExtensionOffer.of("permessage-deflate", Parameter.of("server_max_window_bits", 7)),
                    ExtensionOffer.of("permessage-deflate", Parameter.of("server_max_window_bits", 16)),
                    ExtensionOffer.of("permessage-deflate", Parameter.flag("server_max_window_bits")),
                    ExtensionOffer.of("permessage-deflate", Parameter.of("server_no_context_takeover", 1)));
        }
    }
}
