package dev.sluice.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ConfigurationException;
import dev.sluice.directory.Directory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What URLs and options of an etcd mean. Nothing is connected to. */
class EtcdUrlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "etcd://a:1                   | etcd at a:1/sluice",
                "etcd://a                     | etcd at a:2379/sluice",
                "etcd://a:1,b.example:2/plant | etcd at a:1,b.example:2/plant",
                "etcd://a,b:2/x/y/            | etcd at a:2379,b:2/x/y",
                "etcd://[::1]:7,[::2]/        | etcd at [::1]:7,[::2]:2379/sluice",
                "etcd://a:1/p?user=u&password=p&tls=true&request_timeout=100&resync=100 | etcd at a:1/p"
            })
    void url_saysWhereEtcdIs(String url, String shown) {
        Directory directory = Directory.open(url);

        assertThat(directory).hasToString(shown);
        directory.close().block();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "etcd:/plant                              | host",
                "etcd://a:x                               | port",
                "etcd://a:1,b:70000                       | port",
                "etcd://a:x,b:1                           | host",
                "etcd://a,,b:1                            | host",
                "etcd://::1:2379                          | port",
                "etcd://a:1//                             | path",
                "etcd://a:1?user=u                        | password_file",
                "etcd://a:1?user=u&password=a&password_file=b | password_file",
                "etcd://a:1?password=x                    | user",
                "etcd://a:1?user=&password=x              | user",
                "etcd://a:1?user=u&password_file=/none    | password_file",
                "etcd://a:1?trusted=/none                 | trusted",
                "etcd://a:1?tls=maybe                     | tls",
                "etcd://a:1?request_timeout=1             | request_timeout",
                "etcd://a:1?resync=x                      | resync",
                "etcd://a:1?colour=red                    | colour"
            })
    void url_thatIsWrong_isRefusedByName(String url, String option) {
        assertThatThrownBy(() -> Directory.open(url))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(option);
    }

    @Test
    void tlsFiles_thatAreWrong_areRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "no certificate");

        assertThatThrownBy(() -> Directory.open("etcd://a?trusted=" + file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("trusted");
        assertThatThrownBy(() -> Directory.open("etcd://a?certificate=" + file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("key");
        assertThatThrownBy(() -> Directory.open("etcd://a?key=" + file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("certificate");
        assertThatThrownBy(() -> Directory.open("etcd://a?tls=false&trusted=" + file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tls");
    }

    @Test
    void options_outOfBounds_areRefused() {
        assertThatThrownBy(() -> EtcdOptions.builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("endpoint");
        assertThatThrownBy(() -> EtcdOptions.builder().endpoint("a b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("endpoint");
        assertThatThrownBy(() ->
                        EtcdOptions.builder().endpoint("a").prefix("plant").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefix");
        assertThatThrownBy(() -> EtcdOptions.builder()
                        .endpoint("a")
                        .requestTimeout(Duration.ZERO)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("requestTimeout");
        assertThatThrownBy(() -> EtcdOptions.builder()
                        .endpoint("a")
                        .resync(Duration.ofDays(1))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("resync");
    }
}
