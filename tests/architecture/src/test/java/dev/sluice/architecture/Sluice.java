package dev.sluice.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the rules find what they look at. */
final class Sluice {

    /** Modules that hold Java, wherever in the tree they sit. */
    private static final List<String> FOLDERS_OF_MODULES = List.of("", "integrations", "tests");

    private Sluice() {}

    /** Classes that users run, of all modules; what JMH generates is not ours. */
    static JavaClasses classes() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location ->
                        !location.contains("jmh_generated") && !location.contains("dev/sluice/architecture"))
                .importPackages("dev.sluice");
    }

    /** Classes of all modules' tests, as far as they are compiled. */
    static JavaClasses testClasses() {
        return new ClassFileImporter()
                .importPaths(modules()
                        .map(module -> module.resolve("target/test-classes"))
                        .filter(Files::isDirectory)
                        .toList());
    }

    /** Every Java file that is written by hand. */
    static List<Path> sources() {
        return modules()
                .map(module -> module.resolve("src"))
                .filter(Files::isDirectory)
                .flatMap(Sluice::walk)
                .filter(file -> file.toString().endsWith(".java"))
                .toList();
    }

    /** The folder with the parent pom. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("bom/pom.xml"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("These tests run inside the source tree of Sluice");
            }
        }
        return folder;
    }

    private static Stream<Path> modules() {
        return FOLDERS_OF_MODULES.stream()
                .map(root()::resolve)
                .filter(Files::isDirectory)
                .flatMap(Sluice::children)
                .filter(folder -> Files.exists(folder.resolve("pom.xml")));
    }

    private static Stream<Path> children(Path folder) {
        try (Stream<Path> found = Files.list(folder)) {
            return found.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> walk(Path folder) {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
