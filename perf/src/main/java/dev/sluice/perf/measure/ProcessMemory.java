package dev.sluice.perf.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the operating system says of this process's memory, in KiB; 0 where it does not tell. */
public final class ProcessMemory {
    private ProcessMemory() {}

    /** What is resident now. */
    public static long now() {
        return status("VmRSS:");
    }

    /** The most that was ever resident. */
    public static long peak() {
        return status("VmHWM:");
    }

    private static long status(String field) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
