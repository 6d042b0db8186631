package dev.tenon.ws.testkit;

/** The in-process presence obeys the laws. */
class LocalPresenceProperties extends PresenceLaws {
    @Override
    protected PresenceCluster cluster() {
        return FaultyPresence.cluster(FaultyPresence.Fault.NONE);
    }
}
