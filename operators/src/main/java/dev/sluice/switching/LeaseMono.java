package dev.sluice.switching;

import dev.sluice.channel.Channel;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;

/** Asks for a lease, at subscription. */
final class LeaseMono<T> extends Mono<ExclusiveLease<T>> implements Scannable {
    private final Leases<T> leases;
    private final Channel<T> channel;
    private final String holder;
    private final LeaseOptions<T> options;

    LeaseMono(Leases<T> leases, Channel<T> channel, String holder, LeaseOptions<T> options) {
        this.leases = leases;
        this.channel = channel;
        this.holder = holder;
        this.options = options;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ExclusiveLease<T>> actual) {
        LeaseRequest<T> request = new LeaseRequest<>(actual, leases, channel, holder, options);
        actual.onSubscribe(request);
        request.start();
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.NAME) {
            return stepName();
        }
        return null;
    }

    @Override
    public String stepName() {
        return "exclusive(" + channel.name() + ", " + holder + ")";
    }
}
