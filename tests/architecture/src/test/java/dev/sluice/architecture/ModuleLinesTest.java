package dev.sluice.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

/** A module uses only modules below it, and only the hub and what is above it may print. */
class ModuleLinesTest {

    private static final String[] CORE = {"dev.sluice", "dev.sluice.channel.."};
    private static final String[] OPERATORS = {"dev.sluice.switching..", "dev.sluice.nested.."};
    private static final String[] RSOCKET = {"dev.sluice.rsocket..", "dev.sluice.directory..", "dev.sluice.pipes.."};
    private static final String[] NINEP = {"dev.sluice.ninep.."};
    private static final String[] ETCD = {"dev.sluice.etcd.."};
    private static final String[] HUB = {"dev.sluice.hub.."};
    private static final String[] SAMPLES = {"dev.sluice.samples.."};
    private static final String[] PERF = {"dev.sluice.perf.."};

    private static final JavaClasses SLUICE = Sluice.classes();

    @Test
    void everyModule_isSeenByTheseRules() {
        assertThat(SLUICE.stream().map(type -> type.getPackageName()))
                .contains(
                        "dev.sluice",
                        "dev.sluice.channel",
                        "dev.sluice.switching",
                        "dev.sluice.nested",
                        "dev.sluice.rsocket",
                        "dev.sluice.ninep",
                        "dev.sluice.etcd",
                        "dev.sluice.hub.cli",
                        "dev.sluice.samples",
                        "dev.sluice.perf");
    }

    @Test
    void modules_useOnlyModulesBelow() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("core")
                .definedBy(CORE)
                .layer("operators")
                .definedBy(OPERATORS)
                .layer("rsocket")
                .definedBy(RSOCKET)
                .layer("ninep")
                .definedBy(NINEP)
                .layer("etcd")
                .definedBy(ETCD)
                .layer("hub")
                .definedBy(HUB)
                .layer("samples")
                .definedBy(SAMPLES)
                .layer("perf")
                .definedBy(PERF)
                .whereLayer("core")
                .mayNotAccessAnyLayer()
                .whereLayer("operators")
                .mayOnlyAccessLayers("core")
                .whereLayer("rsocket")
                .mayOnlyAccessLayers("core")
                .whereLayer("ninep")
                .mayOnlyAccessLayers("core", "operators", "rsocket")
                .whereLayer("etcd")
                .mayOnlyAccessLayers("core", "rsocket")
                .whereLayer("hub")
                .mayOnlyAccessLayers("core", "operators", "rsocket", "ninep", "etcd")
                .whereLayer("samples")
                .mayOnlyAccessLayers("core", "operators", "rsocket", "ninep", "etcd", "hub")
                .whereLayer("perf")
                .mayOnlyAccessLayers("core", "operators", "rsocket", "ninep")
                .ensureAllClassesAreContainedInArchitecture()
                .check(SLUICE);
    }

    @Test
    void core_usesReactorAndNothingOfTheNetwork() {
        classes()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "dev.sluice..",
                        "org.reactivestreams..",
                        "reactor.core..",
                        "reactor.util..",
                        "org.jspecify..",
                        "org.slf4j..",
                        "com.fasterxml.jackson..",
                        "reactor.blockhound..")
                .check(SLUICE);
    }

    @Test
    void operators_knowNoNetwork() {
        noClasses()
                .that()
                .resideInAnyPackage(OPERATORS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "io.rsocket..", "reactor.netty..")
                .check(SLUICE);
    }

    /** Micrometer is optional: what an application without it loads must not need it. */
    @Test
    void micrometer_isKnownToMetricsOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.sluice.rsocket.metrics..", "dev.sluice.hub..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .check(SLUICE);
    }

    /**
     * A channel's types, its engine in memory and what engines are made of are one idea in three folders: {@code
     * Channel.create} makes one in memory, as {@code List.of} does.
     */
    @Test
    void packages_haveNoCycles() {
        slices().matching("dev.sluice.(*)..").should().beFreeOfCycles().check(SLUICE);
    }
}
