package dev.sluice.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the compiler cannot check of the house style. */
class HouseRulesTest {

    private static final JavaClasses SLUICE = Sluice.classes();
    private static final JavaClasses TESTS = Sluice.testClasses();
    private static final DescribedPredicate<JavaMethodCall> SLEEPS = calls("sleep", Thread.class, TimeUnit.class);

    @Test
    void packages_areNullMarked() {
        Stream<JavaPackage> unmarked = SLUICE.stream()
                .map(type -> type.getPackage())
                .distinct()
                .filter(found -> !found.isAnnotatedWith(NullMarked.class));

        assertThat(unmarked.map(JavaPackage::getName))
                .as("packages whose package-info.java lacks @NullMarked")
                .isEmpty();
    }

    @Test
    void names_sayWhatAThingIs() {
        noClasses().should().haveSimpleNameEndingWith("Impl").check(SLUICE);
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..impl..", "..internal..", "..util..", "..utils..", "..common..", "..helper..", "..misc..")
                .check(SLUICE);
    }

    @Test
    void libraries_doNotPrint() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.sluice.hub.cli..", "dev.sluice.samples..", "dev.sluice.perf..")
                .should(ACCESS_STANDARD_STREAMS)
                .check(SLUICE);
    }

    /** But for the one place that tells other people's loggers to be quiet. */
    @Test
    void logs_goThroughSlf4j() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.sluice.hub.cli.ForeignLogs")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(SLUICE);
    }

    @Test
    void fields_areNotInjected() {
        NO_CLASSES_SHOULD_USE_FIELD_INJECTION.check(SLUICE);
    }

    /** But for {@code trySend}, which answers its caller at once: of a channel on another machine that takes a round trip. */
    @Test
    void libraries_doNotBlock() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.sluice.hub.cli..", "dev.sluice.samples..", "dev.sluice.perf..")
                .and()
                .doNotHaveFullyQualifiedName("dev.sluice.rsocket.channel.RemoteSender")
                .should()
                .callMethodWhere(calls("block(Optional|First|Last)?|toIterable|toStream", Mono.class, Flux.class))
                .orShould()
                .callMethodWhere(SLEEPS)
                .check(SLUICE);
    }

    @Test
    void tests_doNotSleep() {
        noClasses()
                .should()
                .callMethodWhere(SLEEPS)
                .because("a test waits for what it wants: virtual time, a latch, StepVerifier or Awaitility")
                .check(TESTS);
    }

    private static DescribedPredicate<JavaMethodCall> calls(String methods, Class<?>... owners) {
        return DescribedPredicate.describe(
                "method " + methods + " of " + Arrays.toString(owners),
                call -> call.getName().matches(methods)
                        && Arrays.stream(owners)
                                .anyMatch(owner -> call.getTargetOwner().isAssignableTo(owner)));
    }
}
