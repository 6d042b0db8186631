package dev.tenon.ws.testkit;

/** The presence inside a process obeys the laws. */
class LocalPresenceProperties extends PresenceLaws {
    @Override
    protected PresenceCluster cluster() {
        return FaultyPresence.cluster(FaultyPresence.Fault.NONE);
    }
}
