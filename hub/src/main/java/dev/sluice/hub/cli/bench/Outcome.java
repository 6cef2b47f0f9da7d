package dev.sluice.hub.cli.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was measured.
 *
 * @param figures by name, in the order in which they are shown; the names end in their units
 * @param correct false when something was lost, came twice, or in another order than it was sent
 */
public record Outcome(Map<String, Object> figures, boolean correct) {

    /** Copies the figures. */
    public Outcome {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }
}
