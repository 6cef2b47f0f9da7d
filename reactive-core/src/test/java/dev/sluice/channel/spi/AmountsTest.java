package dev.sluice.channel.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.channel.Retention;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times, sizes and retentions as people write them. */
class AmountsTest {

    @ParameterizedTest
    @CsvSource({
        "0s,PT0S",
        "500ms,PT0.5S",
        "30s,PT30S",
        "1m30s,PT1M30S",
        "10m,PT10M",
        "90m,PT1H30M",
        "2h,PT2H",
        "7d,PT168H",
        "1d2h3m4s5ms,PT26H3M4.005S",
        "PT1H,PT1H",
        "pt0.25s,PT0.25S"
    })
    void time_isTheSumOfItsUnits(String text, Duration time) {
        assertThat(Amounts.time(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10", "s", "-1s", "PT-1S", "30s1m", "1s1s", "1.5s", "1 s", " 1s", "ever", "1M", "1234567890s"
            })
    void time_otherwise_isRefusedWithTheForms(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Amounts.time(text))
                .withMessageContainingAll("500ms", "1m30s", "was \"" + text + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "4096,4096",
        "12B,12",
        "64KiB,65536",
        "64kib,65536",
        "1MiB,1048576",
        "2GiB,2147483648",
        "1TiB,1099511627776",
        "1kB,1000",
        "1KB,1000",
        "3MB,3000000",
        "5GB,5000000000",
        "1TB,1000000000000"
    })
    void size_isANumberOfItsUnit(String text, long bytes) {
        assertThat(Amounts.size(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "MiB", "-1", "1.5GB", "1 MiB", "1M", "1iB", "1PiB", "99999999TiB", "9999999999999999999"})
    void size_otherwise_isRefusedWithTheForms(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Amounts.size(text))
                .withMessageContainingAll("64KiB", "5GB", "was \"" + text + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "none,none",
        "all,all",
        "last:1000,last=1000",
        "last=1000,last=1000",
        "bytes=64MiB,bytes=64MiB",
        "bytes:1000000,bytes=1000000",
        "for=10m,for=10m",
        "for:PT1H,for=1h"
    })
    void retention_readsColonAndEquals_andWritesEquals(String text, String written) {
        Retention retention = Amounts.retention(text);

        assertThat(Amounts.text(retention)).isEqualTo(written);
        assertThat(Amounts.retention(written)).isEqualTo(retention);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "last", "last=", "last=0", "last==1", "none=1", "all:", "=1", "bytes=0", "for=0s", "most"})
    void retention_otherwise_isRefusedWithTheForms(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Amounts.retention(text))
                .withMessageContainingAll("last:1000", "for:10m", "was \"" + text + "\"");
    }

    @ParameterizedTest
    @CsvSource({"PT0S,0s", "PT90S,1m30s", "PT24H,1d", "PT0.001S,1ms", "PT0.0001S,PT0.0001S", "PT26H3M4.005S,1d2h3m4s5ms"
    })
    void text_ofATime_isReadAsTheSame(Duration time, String text) {
        assertThat(Amounts.text(time)).isEqualTo(text);
        assertThat(Amounts.time(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1000,1000", "1024,1KiB", "1536,1536", "67108864,64MiB", "2251799813685248,2048TiB"})
    void text_ofASize_isReadAsTheSame(long bytes, String text) {
        assertThat(Amounts.text(bytes)).isEqualTo(text);
        assertThat(Amounts.size(text)).isEqualTo(bytes);
    }
}
