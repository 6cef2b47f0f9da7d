package dev.sluice.hub.cli;

import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.transport.TlsOptions;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Which hub is meant, and who one is there. What is given on the command line wins, then the environment, then the selected context. */
record HubTarget(
        HubUrl url, @Nullable String token, @Nullable TlsOptions tls) {

    private static final String TOKEN = "SLUICE_TOKEN";

    static HubTarget find(@Nullable String url, @Nullable String token, @Nullable TlsOptions tls) {
        return find(url, token, tls, System.getenv(), Contexts.ofThisUser());
    }

    static HubTarget find(
            @Nullable String url,
            @Nullable String token,
            @Nullable TlsOptions tls,
            Map<String, String> environment,
            Contexts contexts) {
        String where = url != null ? url : variable(environment, "SLUICE_HUB");
        String who = token != null ? token : variable(environment, TOKEN);
        if (where == null) {
            Contexts.Context selected = contexts.selected();
            if (selected != null) {
                where = selected.url();
                who = who != null ? who : selected.token();
            }
        }
        HubUrl found = HubUrl.of(where == null ? HubUrl.DEFAULT : where);
        if (tls != null && !found.secure()) {
            throw new CommandFailure(
                    ErrorCode.USAGE, "certificates are of no use at " + found + ": write tls:// or wss:// for TLS");
        }
        return new HubTarget(found, checked(who), tls);
    }

    /** Who one is, as far as the command line and the environment say. */
    static @Nullable String token(@Nullable String given, Map<String, String> environment) {
        return checked(given != null ? given : variable(environment, TOKEN));
    }

    /** Shows a hub who one is. */
    static ClientOptions.Builder withToken(ClientOptions.Builder builder, @Nullable String token) {
        if (token == null) {
            return builder;
        }
        int colon = token.indexOf(':');
        return builder.simple(token.substring(0, colon), token.substring(colon + 1));
    }

    static @Nullable String variable(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    static @Nullable String checked(@Nullable String token) {
        if (token != null && token.indexOf(':') < 1) {
            throw new CommandFailure(ErrorCode.USAGE, "a token is NAME:SECRET, as `sluice passwd` has set it");
        }
        return token;
    }

    ClientOptions options(UnaryOperator<ClientOptions.Builder> more) {
        ClientOptions.Builder builder = url.options();
        if (url.secure()) {
            builder.tls(tls == null ? TlsOptions.builder().build() : tls);
        }
        return more.apply(withToken(builder, token)).build();
    }

    /** Has a program that is started talk to the same hub, as the same user. */
    void putInto(Map<String, String> environment) {
        environment.put("SLUICE_HUB", url.toString());
        if (token == null) {
            environment.remove("SLUICE_TOKEN");
        } else {
            environment.put("SLUICE_TOKEN", token);
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return url.toString();
    }
}
