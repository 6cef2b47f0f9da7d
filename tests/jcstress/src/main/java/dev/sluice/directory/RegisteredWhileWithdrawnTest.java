package dev.sluice.directory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A registration comes at the moment it is withdrawn. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "It never came: the directory was told in time.")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It came, and was taken out.")
@Outcome(expect = FORBIDDEN, desc = "It stays though nobody holds it, or was taken out twice.")
@State
public class RegisteredWhileWithdrawnTest {
    private final AtomicInteger came = new AtomicInteger();
    private final AtomicInteger withdrawn = new AtomicInteger();
    private final Sinks.One<Renewed> registering = Sinks.one();
    private final LastingRegistration<Renewed> lasting = LastingRegistration.keep(
            "a race", attempt -> registering.asMono().doOnNext(there -> came.incrementAndGet()));

    /** It comes. */
    @Actor
    public void directory() {
        registering.tryEmitValue(new Renewed() {
            @Override
            public Mono<Void> withdraw() {
                return Mono.fromRunnable(withdrawn::incrementAndGet);
            }

            @Override
            public Mono<Void> onEnd() {
                return Mono.never();
            }
        });
    }

    /** It is withdrawn. */
    @Actor
    public void holder() {
        lasting.withdraw().subscribe();
    }

    /** How often it came, and was taken out. */
    @Arbiter
    public void after(II_Result result) {
        result.r1 = came.get();
        result.r2 = withdrawn.get();
    }
}
