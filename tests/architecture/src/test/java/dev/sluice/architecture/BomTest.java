package dev.sluice.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The BOM has no parent that would keep it in step, so this does. */
class BomTest {

    private static final Pattern OWN_ARTIFACT =
            Pattern.compile("<groupId>dev\\.sluice</groupId>\\s*<artifactId>(sluice-[a-z0-9-]+)</artifactId>");
    private static final Pattern VERSION = Pattern.compile("</artifactId>\\s*<version>([^<$]+)</version>");
    private static final Set<String> NOT_FOR_USERS =
            Set.of("sluice-parent", "sluice-bom", "sluice-samples", "sluice-perf");

    @Test
    void bom_listsEveryArtifactForUsers() throws IOException {
        Set<String> managed = artifacts("pom.xml");
        managed.removeAll(NOT_FOR_USERS);

        Set<String> listed = artifacts("bom/pom.xml");
        listed.removeAll(NOT_FOR_USERS);

        assertThat(listed).isNotEmpty().isEqualTo(managed);
    }

    @Test
    void bom_hasTheVersionOfTheParent() throws IOException {
        assertThat(version("bom/pom.xml")).isEqualTo(version("pom.xml"));
    }

    private static Set<String> artifacts(String pom) throws IOException {
        Set<String> found = new TreeSet<>();
        Matcher matcher = OWN_ARTIFACT.matcher(Files.readString(Sluice.root().resolve(pom)));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static String version(String pom) throws IOException {
        Matcher matcher = VERSION.matcher(Files.readString(Sluice.root().resolve(pom)));
        assertThat(matcher.find()).as("a version in %s", pom).isTrue();
        return matcher.group(1);
    }
}
