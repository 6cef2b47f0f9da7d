package dev.sluice.samples.demo;

import dev.sluice.samples.demo.Scene.Mood;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Watches a {@link Mesh} and turns what it sees into scenes. Used by one thread. */
final class Onlooker {

    private final Mesh mesh;
    private final Plan plan;
    private final List<Watched> services = new ArrayList<>();
    private final RateMeter updaterRate = new RateMeter();
    private String updaterTarget = "-";
    private Mood updaterMood = Mood.NORMAL;
    private String updaterNews = "has nothing to do";

    Onlooker(Mesh mesh, Plan plan) {
        this.mesh = mesh;
        this.plan = plan;
        for (int index = 0; index < mesh.names().size(); index++) {
            services.add(new Watched(index, mesh.names().get(index)));
        }
    }

    /** What is to be said of the updater from now on. */
    void updater(String target, Mood mood, String news) {
        updaterTarget = target;
        updaterMood = mood;
        updaterNews = news;
    }

    /** What there is to see now. */
    Scene look(double seconds, int cycle) {
        long now = System.nanoTime();
        Map<String, String> destinations = mesh.stage().destinations();
        List<Scene.Service> lines = new ArrayList<>();
        for (Watched service : services) {
            lines.add(service.look(now, destinations.getOrDefault(service.name, "nowhere")));
        }
        lines.add(updater(now));
        long buffered = mesh.stage().buffered();
        Balance balance = mesh.ledger().balance(buffered);
        String sinkhole = mesh.stage().sinkhole();
        return new Scene(seconds, cycle, lines, buffered, Mesh.CAPACITY, sinkhole, balance);
    }

    private Scene.Service updater(long now) {
        Updater updater = mesh.updater();
        long rate = updaterRate.perSecond(
                now, mesh.ledger().reading(services.size()).sent());
        String news = updater.isWorking()
                ? "flash " + updater.flash() + ": " + updater.written() + " of " + plan.packets()
                : updaterNews;
        double fill = (double) updater.written() / plan.packets();
        return new Scene.Service(Updater.NAME, updaterTarget, updaterMood, rate, fill, news);
    }

    /** A service that shares the channel, and when it was last diverted. */
    private final class Watched {

        private final int index;
        private final String name;
        private final RateMeter rate = new RateMeter();
        private boolean away;
        private long awaySince;
        private long discardedBefore;
        private String news = "";

        Watched(int index, String name) {
            this.index = index;
            this.name = name;
        }

        Scene.Service look(long now, String destination) {
            Account.Reading account = mesh.ledger().reading(index);
            boolean diverted = !destination.equals(Mesh.NAME);
            if (diverted && !away) {
                awaySince = now;
                discardedBefore = account.discarded();
            }
            long discarded = account.discarded() - discardedBefore;
            if (diverted) {
                news = "diverted, " + discarded + " let go";
            } else if (away) {
                news = String.format(Locale.ROOT, "back after %.1f s, %d let go", (now - awaySince) / 1e9, discarded);
            }
            away = diverted;
            long perSecond = rate.perSecond(now, account.sent());
            Mood mood = diverted ? Mood.DIVERTED : Mood.NORMAL;
            return new Scene.Service(name, destination, mood, perSecond, (double) perSecond / plan.rate(), news);
        }
    }
}
