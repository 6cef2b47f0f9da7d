package dev.sluice.samples.pipes;

import dev.sluice.channel.spi.Amounts;
import dev.sluice.directory.Directory;
import dev.sluice.pipes.Pipes;
import dev.sluice.pipes.PipesOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the programs have in common: the directory they meet in, and where they are found. */
final class Node {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Option(
            names = "--directory",
            paramLabel = "URL",
            description = "Where they find each other. Default: ${DEFAULT-VALUE}",
            defaultValue = "etcd://127.0.0.1:2379")
    private String url;

    @Option(
            names = "--destination",
            paramLabel = "NAME",
            description = "Default: ${DEFAULT-VALUE}",
            defaultValue = "orders")
    String destination;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            converter = Time.class,
            description = "How long others believe in one that is silent. Default: ${DEFAULT-VALUE}",
            defaultValue = "10s")
    private Duration ttl;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where a destination listens; port 0 is a free one. Default: ${DEFAULT-VALUE}",
            defaultValue = "127.0.0.1:0")
    private String listen;

    @Option(
            names = "--advertise",
            paramLabel = "HOST[:PORT]",
            description = "Where members find it, behind a NAT. Default: where it listens")
    private @Nullable String advertise;

    private @Nullable Directory directory;
    private @Nullable Pipes pipes;

    static final class Time implements ITypeConverter<Duration> {
        Time() {}

        @Override
        public Duration convert(String value) {
            try {
                return Amounts.time(value);
            } catch (IllegalArgumentException bad) {
                throw new TypeConversionException(bad.getMessage());
            }
        }
    }

    /** What this process has of pipes; closed when the process is told to end. */
    Pipes open() {
        Directory opened = Directory.open(url);
        PipesOptions.Builder options = PipesOptions.builder().ttl(ttl).listen(host(listen), port(listen));
        if (advertise != null) {
            options.advertise(host(advertise), port(advertise));
        }
        Pipes made = Pipes.create(opened, options.build());
        directory = opened;
        pipes = made;
        return made;
    }

    void close() {
        Pipes open = pipes;
        Directory known = directory;
        if (open != null && known != null) {
            open.close()
                    .onErrorComplete()
                    .then(known.close())
                    .timeout(PATIENCE)
                    .onErrorComplete()
                    .block();
        }
    }

    private static String host(String place) {
        int colon = place.lastIndexOf(':');
        return colon < 0 ? place : place.substring(0, colon);
    }

    private static int port(String place) {
        int colon = place.lastIndexOf(':');
        try {
            return colon < 0 ? 0 : Integer.parseInt(place.substring(colon + 1));
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException("\"" + place + "\" has no port behind its colon", none);
        }
    }
}
