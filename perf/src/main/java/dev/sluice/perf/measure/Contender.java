package dev.sluice.perf.measure;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of those measured in a shape.
 *
 * @param name as shown
 * @param kind what runs it
 * @param target a JMH benchmark, a shape of the Go peer, or a class with a main method
 * @param params of the benchmark
 * @param messages of an invocation, for the Go peer
 */
record Contender(String name, Kind kind, String target, Map<String, String> params, int messages) {
    /** The peer that may not be there. */
    static final String GO = "go";

    private static final String MAIN_PACKAGE = "dev.sluice.perf.";

    enum Kind {
        /** A JMH benchmark in a virtual machine of its own. */
        BENCHMARK,
        /** The Go peer. */
        GO,
        /** A program that prints one figure. */
        PROGRAM,
        /** The Go peer, printing one figure. */
        GO_PROGRAM
    }

    static Contender benchmark(String name, String target, String... params) {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < params.length; i += 2) {
            named.put(params[i], params[i + 1]);
        }
        return new Contender(name, Kind.BENCHMARK, target, named, 0);
    }

    static Contender go(String target, int messages) {
        return new Contender(GO, Kind.GO, target, Map.of(), messages);
    }

    static Contender program(String name, String mainClass, String argument) {
        return new Contender(name, Kind.PROGRAM, mainClass, Map.of("what", argument), 0);
    }

    static Contender goProgram(String target) {
        return new Contender(GO, Kind.GO_PROGRAM, target, Map.of(), 0);
    }

    /** Whether it prints one figure and ends, instead of taking turns. */
    boolean isProgram() {
        return kind == Kind.PROGRAM || kind == Kind.GO_PROGRAM;
    }

    /** Whether it can be started here. */
    boolean isAvailable(@Nullable Path goPeer) {
        return goPeer != null || (kind != Kind.GO && kind != Kind.GO_PROGRAM);
    }

    /** How to start it. */
    List<String> command(Plan plan, boolean allocation, @Nullable Path goPeer) {
        return switch (kind) {
            case GO -> List.of(String.valueOf(goPeer), target, Integer.toString(messages));
            case GO_PROGRAM -> List.of(String.valueOf(goPeer), target, Integer.toString(plan.idle()));
            case PROGRAM -> {
                List<String> command = JavaCommand.with("-Xmx3g");
                command.addAll(
                        List.of(MAIN_PACKAGE + target, params.getOrDefault("what", ""), Integer.toString(plan.idle())));
                yield command;
            }
            case BENCHMARK -> {
                List<String> command = JavaCommand.with("-Xms512m", "-Xmx512m");
                command.addAll(List.of(
                        Worker.class.getName(),
                        MAIN_PACKAGE + target,
                        Integer.toString(plan.warmups()),
                        Integer.toString(plan.turns()),
                        Integer.toString(plan.millis()),
                        Boolean.toString(allocation)));
                params.forEach((param, value) -> command.add(param + "=" + value));
                yield command;
            }
        };
    }
}
