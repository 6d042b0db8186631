package dev.tenon.ws.testkit;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.LocalBackbone;
import java.util.List;

/** The in-process backbone obeys the laws. */
class LocalBackboneProperties extends BackboneLaws {
    @Override
    protected BackboneCluster cluster() {
        return new BackboneCluster() {
            private List<LocalBackbone> nodes = start();

            private List<LocalBackbone> start() {
                LocalBackbone first = LocalBackbone.create();
                return List.of(first, first.node(), first.node());
            }

            @Override
            public Backbone node(int index) {
                return nodes.get(index);
            }

            @Override
            public boolean restart() {
                nodes = start();
                return true;
            }

            @Override
            public void close() {
                nodes.forEach(LocalBackbone::close);
            }
        };
    }
}
