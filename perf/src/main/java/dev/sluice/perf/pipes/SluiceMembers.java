package dev.sluice.perf.pipes;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import dev.sluice.directory.Directory;
import dev.sluice.pipes.Pipes;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** Members that acknowledge each frame at once. */
final class SluiceMembers {
    private SluiceMembers() {}

    static void join(String place, PipesShape shape, Taken taken) {
        Pipes pipes = Pipes.create(Directory.open("static:" + place));
        for (int member = 0; member < shape.groups() * shape.members(); member++) {
            pipes.group(SluiceSending.NAME, "group-" + member / shape.members())
                    .join()
                    .subscribe(new Acknowledging(member, taken));
        }
    }

    /** Counts what it gets. */
    private static final class Acknowledging extends BaseSubscriber<Delivery<Frame>> {
        private final int member;
        private final Taken taken;

        Acknowledging(int member, Taken taken) {
            this.member = member;
            this.taken = taken;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        protected void hookOnNext(Delivery<Frame> delivery) {
            Frame frame = delivery.value();
            int size = frame.size();
            taken.frame(member, size, frame.byteAt(0), frame.byteAt(size - 1));
            if (!delivery.ack()) {
                Taken.fail("an acknowledgement came too late");
            }
        }

        @Override
        protected void hookOnError(Throwable reason) {
            reason.printStackTrace();
            Taken.fail("a member does not receive any more");
        }
    }
}
