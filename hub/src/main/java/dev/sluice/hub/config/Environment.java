package dev.sluice.hub.config;

import dev.sluice.ConfigurationException;
import dev.sluice.channel.spi.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The settings among the variables of a process. Variables that are set to nothing count as not set. */
final class Environment {

    static final String PREFIX = "SLUICE_";

    /** Variables that are not for the hub: those of the launcher, of the client commands, and of what runs under a lease. */
    private static final List<String> OTHERS = List.of(
            "SLUICE_JAVA_OPTS",
            "SLUICE_PERF_JAVA_OPTS",
            "SLUICE_HUB",
            "SLUICE_TOKEN",
            "SLUICE_TRACE",
            "SLUICE_CONTEXT",
            "SLUICE_LEASE",
            "SLUICE_LEASE_CHANNEL",
            "SLUICE_LEASE_TOKEN",
            "SLUICE_LEASE_OWNER");

    /** Kubernetes gives every container the addresses of services; of one named sluice or sluice-hub they begin like ours. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("SLUICE(_.+)?_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_.+)?)");

    private static final Pattern SERVICE_PORT = Pattern.compile("SLUICE(_.+)?_PORT=(tcp|udp|sctp)://.*");

    private Environment() {}

    /** What the variables say, by the settings' names. */
    static Map<String, Given> read(Map<String, String> variables) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put(Keys.variable(Keys.CONFIG), Keys.CONFIG);
        Keys.DEFAULTS.keySet().forEach(key -> keys.put(Keys.variable(key), key));
        Map<String, Given> given = new LinkedHashMap<>();
        new TreeMap<>(variables).forEach((variable, value) -> {
            if (!variable.startsWith(PREFIX) || OTHERS.contains(variable) || isServiceLink(variable, value)) {
                return;
            }
            @Nullable String key = keys.get(variable);
            if (key == null) {
                throw unknown(variable, keys);
            }
            if (!value.isEmpty()) {
                given.put(key, new Given(value, "environment " + variable, null));
            }
        });
        return given;
    }

    private static boolean isServiceLink(String variable, String value) {
        return SERVICE_LINK.matcher(variable).matches()
                || SERVICE_PORT.matcher(variable + "=" + value).matches();
    }

    private static ConfigurationException unknown(String variable, Map<String, String> keys) {
        if (variable.equals(Keys.variable(Keys.CHANNELS))) {
            return new ConfigurationException("environment " + variable
                    + ": channels are declared in the file only, unset it and write them into the file of "
                    + Keys.variable(Keys.CONFIG));
        }
        List<String> known = new ArrayList<>(keys.keySet());
        known.addAll(OTHERS);
        @Nullable String nearest = Nearest.to(variable, known);
        return new ConfigurationException("environment " + Values.shown(variable) + ": no such setting"
                + (nearest == null ? "" : ", did you mean " + nearest + "?") + "; correct or unset it, settings are "
                + String.join(", ", keys.keySet()));
    }
}
