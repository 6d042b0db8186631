package dev.tenon.ws.testkit;

import dev.tenon.ws.connection.WebSocketListener;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import net.jqwik.api.Group;

@SuppressWarnings("ClassCanBeStatic") // jqwik wants its groups as inner classes
class MemoryWireTransportProperties {
    @Group
    class Good extends Laws {
        Good() {
            super(WireConditions.GOOD);
        }
    }

    @Group
    class SlowAndInPieces extends Laws {
        SlowAndInPieces() {
            super(WireConditions.GOOD
                    .withChunks(List.of(7, 1000, 1))
                    .withDelays(List.of(Duration.ofMillis(1), Duration.ZERO)));
        }
    }

    abstract static class Laws extends TransportLaws {
        private final WireConditions conditions;
        private MemoryWire wire = MemoryWire.between(new WebSocketListener() {}, new WebSocketListener() {})
                .open();

        Laws(WireConditions conditions) {
            this.conditions = conditions;
        }

        @Override
        protected AutoCloseable join(WebSocketListener client, WebSocketListener server) {
            wire = MemoryWire.between(client, server)
                    .conditions(conditions, conditions)
                    .open();
            return wire::cut;
        }

        @Override
        protected boolean await(BooleanSupplier condition) {
            for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
                wire.advance(Duration.ofMillis(10));
            }
            return condition.getAsBoolean();
        }
    }
}
