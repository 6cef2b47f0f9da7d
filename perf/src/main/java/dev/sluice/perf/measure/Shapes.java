package dev.sluice.perf.measure;

import dev.sluice.perf.bench.Listeners;
import dev.sluice.perf.bench.Transfer;
import dev.sluice.perf.bench.TrySend;
import java.util.ArrayList;
import java.util.List;

/** Everything that is measured on one machine. */
final class Shapes {
    static final String SLUICE = "sluice";
    private static final String KOTLIN = "kotlin";
    private static final String NANOS = "ns/message";
    private static final double AS_FAST = 1;
    private static final double SWITCH_NANOS = 10;
    private static final int CREATIONS = 10_000;

    private Shapes() {}

    /** All shapes, in the order of the table. */
    static List<Shape> all() {
        List<Shape> shapes = new ArrayList<>();
        for (String size : List.of("1x1", "4x4", "1000x1")) {
            shapes.add(buffered(size));
        }
        for (String size : List.of("1x1", "4x4", "1000x1")) {
            shapes.add(rendezvous(size));
        }
        for (int listeners : new int[] {1, 10, 100}) {
            shapes.add(listeners(listeners));
        }
        shapes.add(switchable("trysend", "trySend"));
        shapes.add(switchable("send", "send"));
        shapes.add(switchable("sendall", "sendAll"));
        shapes.add(trySend());
        shapes.add(creation());
        shapes.add(idle());
        return shapes;
    }

    private static Shape buffered(String size) {
        Shape shape = new Shape("buffered-" + size, NANOS);
        shape.add(transfer(SLUICE, "SluiceTransfer.sendAll", size, 128));
        shape.against(Contender.go("buffered-" + size, Transfer.MESSAGES), AS_FAST);
        shape.against(transfer(KOTLIN, "KotlinTransfer.channel", size, 128));
        if (!size.equals("1000x1")) {
            shape.against(queue("ArrayBlockingQueue", "arrayBlockingQueue", size));
            shape.against(queue("JCTools MPMC", "jctoolsMpmc", size));
        }
        if (size.equals("1x1")) {
            shape.against(queue("JCTools SPSC", "jctoolsSpsc", size));
            shape.against(reactor("Flux.publishOn", "publishOn"));
            shape.against(reactor("Sinks unicast", "unicastSink"));
            shape.against(reactor("Sinks multicast", "multicastSink"));
            shape.against(reactor("SubmissionPublisher", "submissionPublisher"));
            variant(shape, "send", "SluiceTransfer.send", size, 128);
            variant(shape, "trysend", "SluiceTransfer.trySend", size, 128);
        }
        return shape;
    }

    private static Shape rendezvous(String size) {
        Shape shape = new Shape("rendezvous-" + size, NANOS);
        shape.add(transfer(SLUICE, "SluiceTransfer.sendAll", size, 0));
        shape.against(Contender.go("rendezvous-" + size, Transfer.MESSAGES), AS_FAST);
        shape.against(transfer(KOTLIN, "KotlinTransfer.channel", size, 0));
        if (!size.equals("1000x1")) {
            shape.against(queue("SynchronousQueue", "synchronousQueue", size));
        }
        if (size.equals("1x1")) {
            variant(shape, "send", "SluiceTransfer.send", size, 0);
            variant(shape, "trysend", "SluiceTransfer.trySend", size, 0);
        }
        variant(shape, "direct", "SluiceTransfer.sendAllDirect", size, 0);
        variant(shape, "lockstep", "SluiceTransfer.sendAllLockstep", size, 0);
        return shape;
    }

    /** Another way to use Sluice in the same shape, beside the channels of the two languages. */
    private static void variant(Shape shape, String name, String target, String size, int capacity) {
        String row = shape.name() + "-" + name;
        shape.add(transfer(row, target, size, capacity));
        shape.compare(new Comparison(row, row, Contender.GO, Comparison.By.SCORE, null));
        shape.compare(new Comparison(row, row, KOTLIN, Comparison.By.SCORE, null));
    }

    private static Contender transfer(String name, String target, String size, int capacity) {
        return Contender.benchmark(name, "bench." + target, "shape", size, "capacity", Integer.toString(capacity));
    }

    private static Contender queue(String name, String method, String size) {
        return Contender.benchmark(name, "bench.QueueTransfer." + method, "shape", size);
    }

    private static Contender reactor(String name, String method) {
        return Contender.benchmark(name, "bench.ReactorTransfer." + method, "shape", "1x1");
    }

    private static Shape listeners(int listeners) {
        Shape shape = new Shape("listeners-x" + listeners, NANOS);
        shape.add(listening(SLUICE, "sluice", listeners));
        shape.against(listening("Sinks multicast", "multicastSink", listeners));
        shape.against(listening("SubmissionPublisher", "submissionPublisher", listeners));
        shape.against(Contender.go(shape.name(), Listeners.MESSAGES));
        return shape;
    }

    private static Contender listening(String name, String method, int listeners) {
        return Contender.benchmark(name, "bench.Listeners." + method, "listeners", Integer.toString(listeners));
    }

    private static Shape switchable(String name, String method) {
        String bare = "bare channel";
        Shape shape = new Shape("switchable-" + name, "ns");
        shape.add(Contender.benchmark(SLUICE, "bench.Switchable." + method, "through", "switchable"));
        shape.add(Contender.benchmark(bare, "bench.Switchable." + method, "through", "channel"));
        shape.compare(new Comparison(shape.name(), SLUICE, bare, Comparison.By.EXCESS, SWITCH_NANOS));
        return shape;
    }

    private static Shape trySend() {
        Shape shape = new Shape("trysend", NANOS);
        shape.add(Contender.benchmark(SLUICE, "bench.TrySend.sluice"));
        shape.against(Contender.go("trysend", TrySend.MESSAGES));
        List<Contender> peers = List.of(
                Contender.benchmark(KOTLIN, "bench.TrySend.kotlin"),
                Contender.benchmark("ArrayBlockingQueue", "bench.TrySend.arrayBlockingQueue"),
                Contender.benchmark("JCTools MPMC", "bench.TrySend.jctoolsMpmc"),
                Contender.benchmark("Sinks unicast", "bench.TrySend.unicastSink"));
        peers.forEach(shape::against);
        for (Contender peer : peers) {
            shape.compare(new Comparison("trysend-allocation", SLUICE, peer.name(), Comparison.By.ALLOCATION, 0.0));
        }
        return shape;
    }

    private static Shape creation() {
        Shape shape = new Shape("creation", "ns/channel");
        shape.add(Contender.benchmark(SLUICE, "bench.Creation.sluice"));
        shape.against(Contender.go("creation", CREATIONS));
        shape.against(Contender.benchmark(KOTLIN, "bench.Creation.kotlin"));
        shape.against(Contender.benchmark("ArrayBlockingQueue", "bench.Creation.arrayBlockingQueue"));
        shape.against(Contender.benchmark("JCTools MPMC", "bench.Creation.jctoolsMpmc"));
        shape.against(Contender.benchmark("Sinks unicast", "bench.Creation.unicastSink"));
        return shape;
    }

    private static Shape idle() {
        Shape shape = new Shape("idle", "B/channel");
        shape.add(Contender.program(SLUICE, "bench.IdleChannels", "sluice"));
        shape.against(Contender.goProgram("idle"));
        shape.against(Contender.program("ArrayBlockingQueue", "bench.IdleChannels", "arrayBlockingQueue"));
        return shape;
    }
}
