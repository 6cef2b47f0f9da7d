package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ConnectionLostException;
import dev.sluice.RemoteException;
import dev.sluice.SluiceException;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.switching.ServiceRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Exceptions;

class DiagnosisTest {

    @ParameterizedTest
    @CsvSource({
        "VIOLATION,PROTOCOL",
        "UNAVAILABLE,LEAVING",
        "LIMIT,LIMIT",
        "ACCEPT_TIMEOUT,TIMED_OUT",
        "FAILED,REMOTE",
        "DENIED,DENIED",
        "NO_SERVICE,SERVICE_NOT_FOUND",
        "TOO_LARGE,TOO_LARGE",
        "BAD_REQUEST,REQUEST",
        "TIMEOUT,TIMED_OUT",
        "CLOSED,CLOSED",
        "FULL,FULL",
        "NOT_FOUND,CHANNEL_NOT_FOUND",
        "EXISTS,EXISTS",
        "INVALID_NAME,NAME",
        "SLOW_RECEIVER,SHED",
        "WITHDRAWN,REMOTE",
        "FORGOTTEN,UNKNOWN_OUTCOME",
        "LEASE_HELD,LEASE_HELD",
        "LEASE_EXPIRED,LEASE_LOST",
        "GROUP_EXPIRED, GROUP_EXPIRED"
    })
    void whatAHubSays_hasACode(Code said, ErrorCode expected) {
        CommandFailure failure = Diagnosis.of(Failures.exception(said, "the words of the hub"));
        CommandFailure untyped = Diagnosis.of(Failures.of(said, "the words of the hub"));

        assertThat(failure.code()).isEqualTo(expected);
        assertThat(failure).hasMessage("the words of the hub");
        assertThat(untyped.code()).isEqualTo(expected);
    }

    @Test
    void whatAHubSays_isLookedAtInFull() throws NoSuchMethodException {
        CsvSource table = DiagnosisTest.class
                .getDeclaredMethod("whatAHubSays_hasACode", Code.class, ErrorCode.class)
                .getAnnotation(CsvSource.class);

        assertThat(Arrays.stream(table.value()).map(line -> Code.valueOf(line.substring(0, line.indexOf(',')))))
                .containsExactlyInAnyOrderElementsOf(EnumSet.allOf(Code.class));
    }

    @ParameterizedTest
    @MethodSource("failuresOfSluice")
    void everyFailureOfSluice_hasACodeOfItsOwn(Class<? extends SluiceException> type) {
        assertThat(Diagnosis.code(type))
                .as("the code of %s: add it to the table in Diagnosis", type)
                .isNotIn(ErrorCode.INTERNAL, ErrorCode.REFUSED);
    }

    @Test
    void failuresOfSluice_areFound() throws IOException {
        assertThat(failuresOfSluice())
                .hasSizeGreaterThan(15)
                .contains(RemoteException.class, ConnectionLostException.class);
    }

    @Test
    void aFailureOfNoKind_saysThatItWasNotDone() {
        assertThat(Diagnosis.of(new SluiceException("the secrets differ")).code())
                .isEqualTo(ErrorCode.REFUSED);
    }

    @Test
    void failuresOfTheSystem_haveCodes() {
        assertThat(Diagnosis.of(new BindException("in use")).code()).isEqualTo(ErrorCode.BIND);
        assertThat(Diagnosis.of(new IOException("no space")).code()).isEqualTo(ErrorCode.IO);
        assertThat(Diagnosis.of(new UncheckedIOException(new IOException("no space")))
                        .code())
                .isEqualTo(ErrorCode.IO);
        assertThat(Diagnosis.of(new TimeoutException("late")).code()).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(Diagnosis.of(Exceptions.propagate(new TimeoutException("late")))
                        .code())
                .isEqualTo(ErrorCode.TIMED_OUT);
    }

    @Test
    void aValueThatTheLibraryRefuses_isWrongUsage_andAMistakeElsewhereIsNot() {
        IllegalArgumentException refused =
                thrownBy(() -> ChannelOptions.builder().capacity(-1).build());
        IllegalArgumentException mistake = thrownBy(() -> Integer.parseInt("seven"));

        assertThat(Diagnosis.of(refused).code()).isEqualTo(ErrorCode.USAGE);
        assertThat(Diagnosis.of(mistake).code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(Diagnosis.of(new IllegalStateException()).code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(Diagnosis.of(new IllegalStateException())).hasMessage("IllegalStateException");
    }

    private static IllegalArgumentException thrownBy(Runnable code) {
        try {
            code.run();
        } catch (IllegalArgumentException thrown) {
            return thrown;
        }
        throw new AssertionError("nothing was thrown");
    }

    /** Those of reactive-core, operators and rsocket-bridge, wherever the class path has them. */
    static List<Class<?>> failuresOfSluice() throws IOException {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> inside : List.of(SluiceException.class, ServiceRegistry.class, SluiceClient.class)) {
            Path root = root(inside);
            if (Files.isDirectory(root)) {
                collect(root, found);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(root)) {
                    collect(jar.getPath("/"), found);
                }
            }
        }
        found.remove(SluiceException.class);
        return found;
    }

    private static Path root(Class<?> inside) {
        try {
            URI location =
                    inside.getProtectionDomain().getCodeSource().getLocation().toURI();
            return Path.of(location);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void collect(Path root, List<Class<?>> found) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && name.startsWith("dev/sluice/"))
                    .filter(name -> !name.endsWith("package-info.class"))
                    .map(name -> name.replaceFirst("\\.class$", "").replace('/', '.'))
                    .map(DiagnosisTest::load)
                    .filter(SluiceException.class::isAssignableFrom)
                    .forEach(found::add);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, DiagnosisTest.class.getClassLoader());
        } catch (ClassNotFoundException | NoClassDefFoundError missing) {
            // Needs a library that is optional: no failure does.
            return Object.class;
        }
    }
}
