package dev.sluice.channel.memory.model;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lincheck lets threads use a channel at the same time, and looks for an order in which one after the other would have
 * been given the same answers. Either it decides which thread makes the next step, and tries one way after the other; or
 * the threads run as they like.
 */
class LinearizabilityTest {

    /** What is checked against what. */
    enum Shape {
        RENDEZVOUS(ChannelSubject.Rendezvous.class, ChannelModel.Rendezvous.class),
        ROOM_FOR_ONE(ChannelSubject.RoomForOne.class, ChannelModel.RoomForOne.class),
        ROOM_FOR_TWO(ChannelSubject.RoomForTwo.class, ChannelModel.RoomForTwo.class);

        private final Class<? extends ChannelSubject> subject;
        private final Class<? extends ChannelModel> model;

        Shape(Class<? extends ChannelSubject> subject, Class<? extends ChannelModel> model) {
            this.subject = subject;
            this.model = model;
        }

        /** What Lincheck makes up. */
        void check(Options<?, ?> options, int threads, int iterations) {
            options.threads(threads);
            options.actorsBefore(2);
            options.actorsPerThread(3);
            options.actorsAfter(3);
            options.iterations(iterations);
            check(options);
        }

        void check(Options<?, ?> options) {
            options.sequentialSpecification(model);
            options.check(subject);
        }
    }

    /** What two threads do between a beginning and an end: where rare lanes meet ordinary ones. */
    enum Race {
        ROOM_FOR_WHO_WAITS(Shape.ROOM_FOR_ONE, "trySend send", "trySend", "request", ""),
        ELEMENTS_FOR_A_BUSY_RECEIVER(Shape.ROOM_FOR_TWO, "request request", "trySend", "trySend", ""),
        CANCEL_WHEN_HANDED_OVER(Shape.RENDEZVOUS, "", "send cancel", "request trySend", "request"),
        CANCEL_WHEN_GROWN(Shape.ROOM_FOR_ONE, "trySend", "send cancel", "resize:2 trySend", "request request"),
        CANCEL_WHEN_CLOSED(Shape.ROOM_FOR_ONE, "trySend", "send cancel", "close trySend", "request request"),
        SHRINK_WHEN_FULL(Shape.ROOM_FOR_TWO, "trySend", "send trySend", "request resize:0", "trySend");

        private final Shape shape;
        private final String before;
        private final String one;
        private final String other;
        private final String after;

        Race(Shape shape, String before, String one, String other, String after) {
            this.shape = shape;
            this.before = before;
            this.one = one;
            this.other = other;
            this.after = after;
        }

        void check(Options<?, ?> options) {
            options.iterations(0);
            options.addCustomScenario(new ExecutionScenario(
                    operations(0, before),
                    List.of(operations(0, one), operations(1, other)),
                    operations(0, after),
                    operation(0, "receiverHasWhatItAskedFor")));
            shape.check(options);
        }

        private static List<Actor> operations(int thread, String all) {
            return Arrays.stream(all.split(" ", -1))
                    .filter(each -> !each.isEmpty())
                    .map(each -> operation(thread, each))
                    .toList();
        }

        private static Actor operation(int thread, String nameAndNumber) {
            String[] parts = nameAndNumber.split(":", -1);
            Method method = Arrays.stream(ChannelSubject.class.getMethods())
                    .filter(each -> each.getName().equals(parts[0]))
                    .findFirst()
                    .orElseThrow();
            int number = parts.length > 1 ? Integer.parseInt(parts[1]) : thread;
            return new Actor(method, method.getParameterCount() == 0 ? List.of() : List.of(number));
        }
    }

    /** Steps of classes that others have proved are not worth a switch. */
    private static ModelCheckingOptions steps(int invocations) {
        return new ModelCheckingOptions()
                .invocationsPerIteration(invocations)
                .addGuarantee(forClasses(name -> name.startsWith("reactor.util.")
                                || name.startsWith("reactor.core.publisher.Operators")
                                || name.startsWith("reactor.core.publisher.Hooks")
                                || name.startsWith("dev.sluice.channel.ChannelOptions")
                                || name.startsWith("java.util.concurrent.ConcurrentLinkedQueue"))
                        .allMethods()
                        .ignore());
    }

    private static StressOptions freely(int invocations) {
        return new StressOptions().invocationsPerIteration(invocations);
    }

    @ParameterizedTest
    @EnumSource
    void answers_ofThreadsSwitchedAtAnyStep_areThoseOfSomeOrder(Race race) {
        race.check(steps(100));
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource
    void answers_ofThreadsSwitchedAtEveryStep_areThoseOfSomeOrder(Race race) {
        race.check(steps(20_000));
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource
    void answers_ofThreadsSwitchedInManyWays_areThoseOfSomeOrder(Shape shape) {
        shape.check(steps(2_000), 3, 30);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource
    void answers_ofManyThreadsForLong_areThoseOfSomeOrder(Shape shape) {
        shape.check(freely(20_000), 3, 100);
    }
}
