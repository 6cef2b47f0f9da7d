package dev.sluice.perf.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How another virtual machine like this one is started. */
public final class JavaCommand {
    private JavaCommand() {}

    /**
     * The command, but for the main class and its arguments, which may be added.
     *
     * @param options of the virtual machine; those in {@code SLUICE_PERF_JAVA_OPTS} come after them
     */
    public static List<String> with(String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        String more = System.getenv("SLUICE_PERF_JAVA_OPTS");
        if (more != null && !more.isBlank()) {
            command.addAll(List.of(more.trim().split("\\s+", -1)));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }
}
