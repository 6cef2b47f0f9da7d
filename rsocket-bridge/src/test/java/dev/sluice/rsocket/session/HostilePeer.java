package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.wire.Hello;
import dev.sluice.rsocket.wire.RecordHandler;
import dev.sluice.rsocket.wire.RecordReader;
import dev.sluice.rsocket.wire.RecordWriter;
import dev.sluice.rsocket.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A client made of bare records, and the session of a server it talks to. */
final class HostilePeer implements AutoCloseable {

    final Map<String, Service> services = new ConcurrentHashMap<>();
    final Session session;

    /** What the session has written, as names and numbers. */
    final Queue<String> heard = new ConcurrentLinkedQueue<>();

    final List<Boolean> readings = new CopyOnWriteArrayList<>();
    volatile boolean linkClosed;

    private final EventLoop loop = new DefaultEventLoop();
    private final RecordHandler recorder = recorder();
    private boolean reads = true;
    private long pending;

    HostilePeer() {
        this(SessionOptions.defaults());
    }

    HostilePeer(SessionOptions ofServer) {
        session = new Session(new Raw(), false, ofServer, services::get, Frame.EMPTY);
        onLoop(session::start);
    }

    /** A peer that has said hello, with windows no test uses up. */
    static HostilePeer greeting(SessionOptions ofServer) {
        return new HostilePeer(ofServer).hello(1 << 30, 1 << 30, 1 << 20);
    }

    static HostilePeer greeting() {
        return greeting(SessionOptions.defaults());
    }

    HostilePeer hello(long sessionWindow, long streamWindow, long mostStreams) {
        return send(out -> RecordWriter.hello(
                out, new Hello(1, 0, 1 << 20, sessionWindow, streamWindow, mostStreams, 8, Frame.EMPTY, "evil")));
    }

    HostilePeer serving(String name, Service service) {
        services.put(name, service);
        return this;
    }

    /** Sends a batch; the session has acted on it when this returns. */
    HostilePeer send(Consumer<ByteBuf> records) {
        return sendRaw(out -> records.accept(out.writeByte(Wire.PLAIN)));
    }

    /** Sends batches that the session gets one after the other, with nothing in between but what it has left to be done by then. */
    @SafeVarargs
    final HostilePeer sendInOneGo(Consumer<ByteBuf>... batches) {
        onLoop(() -> {
            for (Consumer<ByteBuf> records : batches) {
                ByteBuf batch = ByteBufAllocator.DEFAULT.buffer(256).writeByte(Wire.PLAIN);
                records.accept(batch);
                loop.execute(() -> session.receive(batch));
            }
        });
        onLoop(() -> {});
        return this;
    }

    HostilePeer sendRaw(Consumer<ByteBuf> bytes) {
        ByteBuf batch = ByteBufAllocator.DEFAULT.buffer(256);
        bytes.accept(batch);
        onLoop(() -> session.receive(batch));
        return this;
    }

    HostilePeer call(long id, String service) {
        return send(out -> call(out, id, service));
    }

    static void call(ByteBuf out, long id, String service) {
        RecordWriter.call(out, id, false, RecordWriter.callHead(service, 0, Map.of()), Frame.EMPTY, 0);
    }

    /** A call with an uplink that the service is to subscribe to. */
    HostilePeer callWithUplink(long id, String service) {
        return send(
                out -> RecordWriter.call(out, id, true, RecordWriter.callHead(service, 0, Map.of()), Frame.EMPTY, 0));
    }

    /** Stops reading what the session writes. */
    HostilePeer stopReading() {
        onLoop(() -> reads = false);
        return this;
    }

    void onLoop(Runnable task) {
        loop.submit(task).syncUninterruptibly();
    }

    /** Waits until the session has ended, with this in the reason it gave, and holds nothing any more. */
    void assertEnded(String reason) {
        await().untilAsserted(() -> assertThat(heard)
                .filteredOn(record -> record.startsWith("fail(0, "))
                .singleElement()
                .asString()
                .contains(reason));
        assertThat(session.onClose().blockOptional()).isEmpty();
        onLoop(() -> {
            assertThat(session.openStreams()).isZero();
            assertThat(session.outbound().reserved()).isZero();
            assertThat(session.outbound().queued()).isZero();
        });
        assertThat(linkClosed).isTrue();
    }

    void assertAlive() {
        onLoop(() -> {});
        assertThat(heard).noneMatch(record -> record.startsWith("fail(0, "));
        assertThat(linkClosed).isFalse();
    }

    @Override
    public void close() {
        onLoop(() -> session.disconnected(null));
        assertThat(session.openStreams()).isZero();
        var ending = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        assert ending != null;
    }

    private RecordHandler recorder() {
        return (RecordHandler) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RecordHandler.class}, (proxy, method, arguments) -> {
                    heard.add(method.getName()
                            + Arrays.stream(arguments)
                                    .filter(argument -> !(argument instanceof ByteBuf))
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", ", "(", ")")));
                    return null;
                });
    }

    private final class Raw implements Link {

        @Override
        public ByteBufAllocator alloc() {
            return ByteBufAllocator.DEFAULT;
        }

        @Override
        public SocketAddress remoteAddress() {
            return InetSocketAddress.createUnresolved("evil", 1);
        }

        @Override
        public boolean inLoop() {
            return loop.inEventLoop();
        }

        @Override
        public void execute(Runnable task) {
            loop.execute(task);
        }

        @Override
        public Runnable schedule(Runnable task, long nanos) {
            ScheduledFuture<?> timer = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        }

        @Override
        public void write(ByteBuf batch) {
            if (!reads) {
                pending += batch.readableBytes();
            }
            batch.skipBytes(1);
            RecordReader.read(batch, recorder);
            batch.release();
        }

        @Override
        public void flush() {}

        @Override
        public long pending() {
            return pending;
        }

        @Override
        public void whenPendingAtMost(long bytes, Runnable task) {
            // What is not read stays; nobody who reads is behind.
            if (pending <= bytes) {
                loop.execute(task);
            }
        }

        @Override
        public void reading(boolean on) {
            readings.add(on);
        }

        @Override
        public void close() {
            linkClosed = true;
        }
    }
}
