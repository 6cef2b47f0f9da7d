package dev.sluice.rsocket.watch;

/** Two watchers as one: the first is told first, and is the outer one of what both wrap. Thread safe when they are. */
record Watchers(Watcher first, Watcher second) implements Watcher {

    static Watcher both(Watcher first, Watcher second) {
        if (first == NONE) {
            return second;
        }
        return second == NONE ? first : new Watchers(first, second);
    }

    @Override
    public SessionWatcher session(Side side) {
        return SessionWatchers.both(first.session(side), second.session(side));
    }

    @Override
    public void offered(String service) {
        first.offered(service);
        second.offered(service);
    }

    @Override
    public void withdrawn(String service) {
        first.withdrawn(service);
        second.withdrawn(service);
    }

    @Override
    public void refused(Refusal reason) {
        first.refused(reason);
        second.refused(reason);
    }

    @Override
    public void reconnecting() {
        first.reconnecting();
        second.reconnecting();
    }
}
