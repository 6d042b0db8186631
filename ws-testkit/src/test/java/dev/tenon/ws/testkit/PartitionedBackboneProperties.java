package dev.tenon.ws.testkit;

/** A backbone whose nodes can be cut off, and that reports it, obeys the laws. */
class PartitionedBackboneProperties extends BackboneLaws {
    @Override
    protected BackboneCluster cluster() {
        return FaultyBackbone.cluster(FaultyBackbone.Fault.NONE);
    }
}
