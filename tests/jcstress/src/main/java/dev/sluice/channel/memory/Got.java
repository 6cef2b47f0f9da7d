package dev.sluice.channel.memory;

import dev.sluice.channel.Channel;
import dev.sluice.channel.Delivery;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * Records what it is told, and says what is wrong with it. Elements are two digits: the sender, and how many it has sent
 * before.
 */
final class Got implements CoreSubscriber<Object> {
    private final List<Integer> elements = new ArrayList<>();
    private Subscription subscription;
    private int ends;

    /** Subscribes to a flux, asking for nothing yet. */
    static Got of(org.reactivestreams.Publisher<?> publisher) {
        Got got = new Got();
        publisher.subscribe(got);
        return got;
    }

    void request(long n) {
        subscription.request(n);
    }

    void cancel() {
        subscription.cancel();
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
    }

    @Override
    public synchronized void onNext(Object element) {
        elements.add(element instanceof Delivery<?> delivery ? (Integer) delivery.value() : (Integer) element);
    }

    @Override
    public synchronized void onError(Throwable error) {
        ends++;
    }

    @Override
    public synchronized void onComplete() {
        ends++;
    }

    synchronized int count() {
        return elements.size();
    }

    synchronized boolean has(int element) {
        return elements.contains(element);
    }

    synchronized boolean isEnded() {
        return ends == 1;
    }

    synchronized List<Integer> elements() {
        return List.copyOf(elements);
    }

    /** Takes what is left in a channel and says what is wrong with all that was received, first to last. */
    static String verdict(Channel<Integer> channel, List<Integer> accepted, Got... receivers) {
        List<Integer> all = new ArrayList<>();
        for (Got receiver : receivers) {
            if (!isInOrder(receiver.elements())) {
                return "reordered";
            }
            all.addAll(receiver.elements());
        }
        Got rest = of(channel.receive());
        rest.request(Long.MAX_VALUE);
        if (!isInOrder(rest.elements())) {
            return "reordered";
        }
        all.addAll(rest.elements());
        return verdict(all, accepted);
    }

    static String verdict(List<Integer> all, List<Integer> accepted) {
        if (all.stream().distinct().count() != all.size()) {
            return "duplicated";
        }
        if (!all.containsAll(accepted)) {
            return "lost";
        }
        return all.size() > accepted.size() ? "delivered though it was not accepted" : "fine";
    }

    private static boolean isInOrder(List<Integer> elements) {
        for (int i = 0; i < elements.size(); i++) {
            for (int j = i + 1; j < elements.size(); j++) {
                int first = elements.get(i);
                int second = elements.get(j);
                if (first / 10 == second / 10 && first > second) {
                    return false;
                }
            }
        }
        return true;
    }
}
