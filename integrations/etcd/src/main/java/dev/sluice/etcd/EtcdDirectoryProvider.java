package dev.sluice.etcd;

import dev.sluice.channel.spi.ChannelsConfig;
import dev.sluice.directory.Directory;
import dev.sluice.directory.DirectoryProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The engine {@code etcd://host:2379,host2:2379/prefix}. Options: {@code user} and {@code password} or {@code password_file}; {@code tls}, {@code
 * trusted}, {@code certificate} and {@code key}; {@code request_timeout} and {@code resync}, in milliseconds.
 */
public final class EtcdDirectoryProvider implements DirectoryProvider {

    private static final String PLACES = "host:port,host:port";

    /** For {@link java.util.ServiceLoader}. */
    public EtcdDirectoryProvider() {}

    @Override
    public String scheme() {
        return "etcd";
    }

    @Override
    public Set<String> options() {
        return Set.of(
                "host",
                "port",
                "path",
                "user",
                "password",
                "password_file",
                "tls",
                "trusted",
                "certificate",
                "key",
                "request_timeout",
                "resync");
    }

    @Override
    public Directory open(ChannelsConfig config) {
        EtcdOptions.Builder options = EtcdOptions.builder();
        endpoints(config, options);
        prefix(config, options);
        user(config, options);
        tls(config, options);
        options.requestTimeout(Duration.ofMillis(config.number("request_timeout", 5_000, 100, 3_600_000)));
        options.resync(Duration.ofMillis(config.number("resync", 10_000, 100, 3_600_000)));
        return EtcdDirectory.create(options.build());
    }

    /** All hosts of a URL but the last one's port are its host, and that is its port. */
    private static void endpoints(ChannelsConfig config, EtcdOptions.Builder options) {
        String host = config.text("host");
        if (host == null) {
            throw config.bad("host", PLACES, null);
        }
        String port = config.text("port");
        for (String place : (port == null ? host : host + ":" + port).split(",", -1)) {
            try {
                options.endpoint(place);
            } catch (IllegalArgumentException malformed) {
                boolean last = port != null && place.endsWith(":" + port);
                throw config.bad(last ? "port" : "host", last ? "1 to 65535, behind a host" : PLACES, malformed);
            }
        }
    }

    private static void prefix(ChannelsConfig config, EtcdOptions.Builder options) {
        String path = config.text("path");
        if (path == null || path.equals("/")) {
            return;
        }
        String prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (!prefix.startsWith("/") || prefix.endsWith("/")) {
            throw config.bad("path", "/prefix, what all keys begin with", null);
        }
        options.prefix(prefix);
    }

    private static void user(ChannelsConfig config, EtcdOptions.Builder options) {
        String user = config.text("user");
        String password = config.text("password");
        Path file = file(config, "password_file");
        if (user == null) {
            if (password != null || file != null) {
                throw config.bad("user", "given with a password", null);
            }
            return;
        }
        if (user.isEmpty()) {
            throw config.bad("user", "the name of a user, or left out", null);
        }
        if ((password == null) == (file == null)) {
            throw config.bad("user", "given with either password_file or password", null);
        }
        options.user(user, password == null ? read(config, file) : password);
    }

    private static String read(ChannelsConfig config, @Nullable Path file) {
        String wanted = "a file that can be read and has the password as its first line";
        try {
            String password = Files.readString(java.util.Objects.requireNonNull(file))
                    .lines()
                    .findFirst()
                    .orElse("");
            if (password.isEmpty()) {
                throw config.bad("password_file", wanted, null);
            }
            return password;
        } catch (IOException unreadable) {
            throw config.bad("password_file", wanted, unreadable);
        }
    }

    private static void tls(ChannelsConfig config, EtcdOptions.Builder options) {
        Path trusted = file(config, "trusted");
        Path certificate = file(config, "certificate");
        Path key = file(config, "key");
        boolean files = trusted != null || certificate != null || key != null;
        boolean tls = config.flag("tls", files);
        if (!tls && files) {
            throw config.bad("tls", "true, since there are files for it, or the files left out", null);
        }
        options.tls(tls);
        if (trusted != null) {
            options.trusted(trusted);
        }
        if (certificate != null && key != null) {
            options.certificate(certificate, key);
        } else if (certificate != null) {
            throw config.bad("key", "given with a certificate", null);
        } else if (key != null) {
            throw config.bad("certificate", "given with a key", null);
        }
    }

    private static @Nullable Path file(ChannelsConfig config, String option) {
        String text = config.text(option);
        if (text == null) {
            return null;
        }
        try {
            Path file = Path.of(text);
            if (Files.isReadable(file)) {
                return file;
            }
        } catch (InvalidPathException malformed) {
            throw config.bad(option, "a file that can be read", malformed);
        }
        throw config.bad(option, "a file that can be read", null);
    }
}
