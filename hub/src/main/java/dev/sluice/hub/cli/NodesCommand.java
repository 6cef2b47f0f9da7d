package dev.sluice.hub.cli;

import dev.sluice.directory.Directory;
import dev.sluice.directory.Instance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code sluice nodes}: which hubs a directory knows. */
@Command(
        name = "nodes",
        sortOptions = false,
        description = {"Lists the hubs that stand in a directory, and the services each of them has.", ""},
        footer = {
            "",
            "Examples:",
            "  sluice nodes --directory etcd://10.0.0.1:2379",
            "  SLUICE_DIRECTORY=etcd://10.0.0.1:2379 sluice nodes --watch --json"
        })
final class NodesCommand extends BaseCommand {

    /** As hubs register. */
    private static final String HUB = "hub";

    private static final String UNKNOWN = "-";
    private static final int SERVICES_AT_A_TIME = 16;
    private static final Comparator<Instance> BY_NODE =
            Comparator.<Instance, String>comparing(hub -> said(hub, "node")).thenComparing(Instance::id);

    @Mixin
    private final DirectoryOption directory;

    @Option(
            names = "--watch",
            description = "Print the hubs there are, and then those that join and leave, until Ctrl-C.")
    private boolean watch;

    NodesCommand() {
        this(System.getenv());
    }

    NodesCommand(Map<String, String> environment) {
        this.directory = new DirectoryOption(environment);
    }

    /** What is known of one instance of a service: which run of which hub it belongs to. */
    private record Found(String run, String service) {}

    @Override
    public Integer call() {
        try (OpenDirectory open = directory.open()) {
            return watch ? watch(open.directory()) : list(open.directory());
        }
    }

    private int list(Directory open) {
        List<Instance> hubs = sorted(Objects.requireNonNull(open.instances(HUB).block()));
        Map<String, Set<String>> services = services(open);
        TextTable table = new TextTable("NODE", "ID", "ADDRESS", "VERSION", "SERVICES");
        for (Instance hub : hubs) {
            Set<String> has = services.getOrDefault(said(hub, HUB), Set.of());
            if (json()) {
                Map<String, Object> line = line(hub);
                line.put("services", has);
                out().println(Json.line(line));
            } else {
                table.row(
                        said(hub, "node"),
                        hub.id(),
                        address(hub),
                        said(hub, "version"),
                        has.isEmpty() ? UNKNOWN : String.join(", ", has));
            }
        }
        if (!json()) {
            table.print(out());
        }
        return done();
    }

    /** Names of services by the run of the hub that has them. */
    private static Map<String, Set<String>> services(Directory open) {
        List<Found> found = Objects.requireNonNull(open.services()
                .filter(service -> !service.equals(HUB))
                .flatMap(service -> found(open, service), SERVICES_AT_A_TIME)
                .flatMapIterable(each -> each)
                .collectList()
                .block());
        Map<String, Set<String>> services = new TreeMap<>();
        found.forEach(each ->
                services.computeIfAbsent(each.run(), run -> new TreeSet<>()).add(each.service()));
        return services;
    }

    private static Mono<List<Found>> found(Directory open, String service) {
        return open.instances(service)
                .map(instances -> instances.stream()
                        .filter(instance -> instance.metadata().containsKey(HUB))
                        .map(instance -> new Found(said(instance, HUB), service))
                        .toList());
    }

    private int watch(Directory open) {
        Set<Instance> before = Set.of();
        for (Set<Instance> now : open.watch(HUB).toIterable(1)) {
            Set<Instance> known = before;
            sorted(before).stream().filter(hub -> !now.contains(hub)).forEach(hub -> changed("left", "-", hub));
            sorted(now).stream().filter(hub -> !known.contains(hub)).forEach(hub -> changed("joined", "+", hub));
            before = now;
            if (nobodyReads()) {
                return NOBODY_READS;
            }
        }
        return done();
    }

    private void changed(String what, String sign, Instance hub) {
        if (json()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("change", what);
            line.putAll(line(hub));
            out().println(Json.line(line));
        } else {
            out().println(String.join(" ", sign, said(hub, "node"), hub.id(), address(hub), said(hub, "version")));
        }
    }

    private static Map<String, Object> line(Instance hub) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("node", said(hub, "node"));
        line.put("id", hub.id());
        line.put("address", address(hub));
        line.put("version", said(hub, "version"));
        return line;
    }

    private static List<Instance> sorted(Set<Instance> hubs) {
        List<Instance> sorted = new ArrayList<>(hubs);
        sorted.sort(BY_NODE);
        return sorted;
    }

    private static String said(Instance instance, String key) {
        return instance.metadata().getOrDefault(key, UNKNOWN);
    }

    /** As --hub takes it. */
    private static String address(Instance hub) {
        String host = hub.host().contains(":") ? "[" + hub.host() + "]" : hub.host();
        String path = hub.scheme().isWebSocket() ? hub.metadata().getOrDefault(Instance.PATH, "/") : "";
        return hub.scheme().text() + "://" + host + ":" + hub.port() + path;
    }
}
