package dev.sluice.perf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where figures were measured, and how busy it was with other things.
 *
 * @param name processor, cores, operating system and language versions
 * @param load how many tasks wanted a core before the run began, averaged over a minute; negative when unknown
 */
record Machine(String name, double load) {

    /** This machine, now. */
    static Machine here() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        String name = processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
                + System.getProperty("os.name") + ", JDK " + System.getProperty("java.version");
        return new Machine(name, load);
    }

    /** This machine with its Go, or without. */
    Machine withGo(@Nullable Path goPeer) {
        return with(goPeer == null ? "no Go" : goVersion(goPeer));
    }

    /** This machine with something else it has, or has not. */
    Machine with(String what) {
        return new Machine(name + ", " + what, load);
    }

    /** As a line: the machine, the load it had, the day. */
    String describe() {
        return name + String.format(Locale.ROOT, "; load before %.1f; ", load) + LocalDate.now(ZoneOffset.UTC);
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException | UncheckedIOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static String goVersion(Path goPeer) {
        try {
            Process process = new ProcessBuilder(goPeer.toString(), "version").start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        } catch (IOException e) {
            return "Go of unknown version";
        }
    }
}
