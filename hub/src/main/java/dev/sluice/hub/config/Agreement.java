package dev.sluice.hub.config;

import dev.sluice.ConfigurationException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether settings go together that are each good by themselves. */
final class Agreement {

    private final Values values;

    Agreement(Values values) {
        this.values = values;
    }

    /**
     * {@code SLUICE_TLS_CA} is also what clients of this machine trust. To a hub without TLS it cannot mean anything, so there
     * it is left to them.
     */
    static void leaveClientsAuthority(Map<String, Given> given) {
        Given authority = given.get("tls-ca");
        if (authority != null
                && authority.from().equals("environment " + Keys.variable("tls-ca"))
                && isNone(given, "tls-cert")) {
            given.put("tls-ca", Given.byDefault(Keys.NONE));
        }
    }

    /**
     * Over 9P everybody is who he says he is, and needs no certificate: where others have to show who they are, files are
     * served only when somebody says so.
     */
    static void closeFilesToClaims(Map<String, Given> given) {
        Given files = given.get(Keys.NINEP);
        if (files != null && files.isDefault() && !(isNone(given, "users") && isNone(given, "tls-ca"))) {
            given.put(Keys.NINEP, Given.byDefault(Keys.NONE));
        }
    }

    private static boolean isNone(Map<String, Given> given, String key) {
        Given said = given.get(key);
        return said == null || said.text().equals(Keys.NONE);
    }

    void check(HubSettings settings) {
        Endpoint tcp = settings.tcp();
        Endpoint ws = settings.ws();
        if (tcp == null && ws == null) {
            throw new ConfigurationException(from("tcp") + " and " + from("ws")
                    + ": tcp and ws are both none, so nobody could connect: give one of them an address, as"
                    + " --tcp 127.0.0.1:7878");
        }
        Endpoint ninep = settings.ninep();
        apart("tcp", tcp, "ws", ws);
        apart("tcp", tcp, Keys.NINEP, ninep);
        apart("ws", ws, Keys.NINEP, ninep);
        together("tls-cert", settings.tlsCert(), "tls-key", settings.tlsKey());
        together("tls-key", settings.tlsKey(), "tls-cert", settings.tlsCert());
        together("tls-ca", settings.tlsCa(), "tls-cert and tls-key", settings.tlsCert());
        reachable("tcp", tcp, settings);
        reachable("ws", ws, settings);
        if (ninep != null && !ninep.isLoopback() && !settings.ninepAllowRemote()) {
            throw new ConfigurationException(from(Keys.NINEP) + ": ninep is " + ninep
                    + ", which others can reach, and over 9P nobody can be asked for a secret: give --ninep-allow-remote,"
                    + " or listen on loopback, as 127.0.0.1:" + ninep.port());
        }
    }

    private void apart(String key, @Nullable Endpoint endpoint, String otherKey, @Nullable Endpoint other) {
        if (endpoint != null && endpoint.port() != 0 && endpoint.equals(other)) {
            throw new ConfigurationException(from(key) + " and " + from(otherKey) + ": " + key + " and " + otherKey
                    + " are both " + endpoint + ": give one of them another port, or none");
        }
    }

    private void together(String key, @Nullable Object value, String otherKey, @Nullable Object other) {
        if (value != null && other == null) {
            throw new ConfigurationException(
                    from(key) + ": " + key + " is " + value + " without " + otherKey + ": give both, or none of them");
        }
    }

    private void reachable(String key, @Nullable Endpoint endpoint, HubSettings settings) {
        if (endpoint != null && !endpoint.isLoopback() && settings.users() == null && !settings.allowAnonymous()) {
            throw new ConfigurationException(from(key) + ": " + key + " is " + endpoint
                    + ", which others can reach, and nobody has to say who they are: give --users FILE,"
                    + " or --allow-anonymous, or listen on loopback, as 127.0.0.1:" + endpoint.port());
        }
    }

    private String from(String key) {
        return values.given(key).from();
    }
}
