package dev.sluice.perf.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Programs that are not Java's.
 *
 * @param driver what drives a server, and runs diod, as {@code perf/run} builds it
 * @param diod the peer; {@code null} where it is not installed
 */
public record Tools(Path driver, @Nullable Path diod) {
    /** The command of a client. */
    List<String> client(String port, String tree) {
        return List.of(driver.toString(), "client", port, tree);
    }

    /** The command that runs diod with its tree. */
    List<String> host(int entries) {
        return List.of(driver.toString(), "host", String.valueOf(diod), Integer.toString(entries));
    }

    /** Who can do some work. */
    List<String> contenders(Work work) {
        List<String> names = new ArrayList<>(List.of(Serving.SLUICE));
        if (diod != null && work.isForDiod()) {
            names.add(Serving.DIOD);
        }
        return names;
    }
}
