package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.channel.Retention;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ConvertersTest {

    @Test
    void amounts_areReadAsElsewhere() {
        Amounting command =
                CommandLine.populateCommand(new Amounting(), "--ttl=1m30s", "--size=64KiB", "--retain=last=1000");

        assertThat(command.ttl).isEqualTo(Duration.ofSeconds(90));
        assertThat(command.size).isEqualTo(65_536);
        assertThat(command.retain).isEqualTo(Retention.last(1_000));
    }

    @ParameterizedTest
    @CsvSource({"--ttl,30s", "--size,64KiB", "--retain,last:1000"})
    void anythingElse_isRefusedWithTheForms(String option, String form) {
        assertThatThrownBy(() -> CommandLine.populateCommand(new Amounting(), option, "much"))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageContainingAll("'" + option + "'", form, "was \"much\"");
    }

    @Command
    private static final class Amounting {
        @Option(names = "--ttl", converter = Converters.Time.class)
        private Duration ttl;

        @Option(names = "--size", converter = Converters.Size.class)
        private long size;

        @Option(names = "--retain", converter = Converters.Retain.class)
        private Retention retain;
    }
}
