package dev.sluice.hub.cli;

import dev.sluice.channel.Retention;
import dev.sluice.channel.spi.Amounts;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Options whose values are amounts: {@code @Option(names = "--ttl", converter = Converters.Time.class)}. */
final class Converters {

    private Converters() {}

    /** {@code 30s}, {@code 1m30s}: see {@link Amounts#time}. */
    static final class Time implements ITypeConverter<Duration> {
        Time() {}

        @Override
        public Duration convert(String value) {
            return read(Amounts::time, value);
        }
    }

    /** {@code 4096}, {@code 64KiB}: bytes, see {@link Amounts#size}. */
    static final class Size implements ITypeConverter<Long> {
        Size() {}

        @Override
        public Long convert(String value) {
            return read(Amounts::size, value);
        }
    }

    /** {@code none}, {@code last=1000}: see {@link Amounts#retention}. */
    static final class Retain implements ITypeConverter<Retention> {
        Retain() {}

        @Override
        public Retention convert(String value) {
            return read(Amounts::retention, value);
        }
    }

    private static <T> T read(Function<String, T> reader, String value) {
        try {
            return reader.apply(value);
        } catch (IllegalArgumentException bad) {
            throw new TypeConversionException(bad.getMessage());
        }
    }
}
