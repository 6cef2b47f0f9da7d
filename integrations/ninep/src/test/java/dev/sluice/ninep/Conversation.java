package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.ninep.command.Commands;
import dev.sluice.ninep.session.Limits;
import dev.sluice.ninep.session.Session;
import dev.sluice.ninep.session.Site;
import dev.sluice.ninep.session.Warnings;
import dev.sluice.ninep.tree.Reports;
import dev.sluice.ninep.tree.Tree;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.switching.Diversions;
import dev.sluice.switching.ServiceRegistry;
import dev.sluice.switching.Sinkhole;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** One connection without a socket, with a few channels behind it: bytes in, answers out, and then it is over. */
final class Conversation {

    private static final String END = "end";
    private static final int LONGEST = 8192;

    private Conversation() {}

    /** Takes the bytes in; fails when an answer is none, or a channel has come out of it other than it may. */
    static void survives(byte[] bytes) {
        Channels channels = Channels.inMemory();
        channels.create("pipeline", ChannelOptions.builder().capacity(3).build())
                .block();
        channels.create("plant/press", ChannelOptions.builder().capacity(0).build())
                .block();
        ServiceRegistry<Frame> services = ServiceRegistry.create(channels::find);
        Diversions<Frame> diversions = Diversions.of(services, channels::find, Sinkhole.create("/dev/null"));
        Site site = new Site(
                new Tree(channels, ChannelOptions.defaults(), 100),
                new Commands(channels, services, diversions),
                new Reports(channels),
                AccessPolicy.allowAll(),
                services,
                diversions,
                new Limits(LONGEST, 100, 100, 1 << 20),
                new Warnings(),
                () -> false,
                0);
        EmbeddedChannel connection = new EmbeddedChannel();
        connection.pipeline().addLast(END, new ChannelInboundHandlerAdapter());
        CompletableFuture<Void> over = Session.serve(connection, site, END, 10_000);
        connection.writeInbound(Unpooled.wrappedBuffer(bytes));
        connection.runPendingTasks();
        answersMakeSense(connection);
        connection.close().syncUninterruptibly();
        connection.runPendingTasks();
        connection.releaseOutbound();
        assertThat(over).isDone();
        nobodyIsLeft(channels);
        channels.close().block();
    }

    private static void answersMakeSense(EmbeddedChannel connection) {
        for (ByteBuf answer = connection.readOutbound(); answer != null; answer = connection.readOutbound()) {
            try {
                assertThat(answer.readableBytes()).isBetween(7, LONGEST);
                assertThat(answer.getIntLE(answer.readerIndex())).as("size").isEqualTo(answer.readableBytes());
                int type = answer.getUnsignedByte(answer.readerIndex() + 4);
                assertThat(type % 2)
                        .as("an answer has an odd number, or is an error")
                        .isEqualTo(1);
            } finally {
                answer.release();
            }
        }
    }

    private static void nobodyIsLeft(Channels channels) {
        List.copyOf(Objects.requireNonNull(channels.stats("").collectList().block()))
                .forEach(stats -> {
                    assertThat(stats.receivers() + stats.listeners())
                            .as("readers of %s", stats.name())
                            .isZero();
                    assertThat(stats.waitingSends())
                            .as("writers of %s", stats.name())
                            .isZero();
                });
    }

    /** Some of everything, in a dialect: what a fuzzer begins with. */
    static byte[] sample(String dialect) {
        boolean linux = dialect.endsWith("L");
        boolean numeric = !dialect.equals("9P2000");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Message attach = Message.of(104).u32(0).u32(0xFFFF_FFFFL).text("glenda").text("");
        List<Message> messages = List.of(
                Message.of(100).u32(8192).text(dialect),
                numeric ? attach.u32(0) : attach,
                Message.of(110).u32(0).u32(1).u16(1).text("pipeline"),
                linux ? Message.of(12).u32(1).u32(2) : Message.of(112).u32(1).u8(2),
                Message.of(118).u32(1).u64(0).u32(2).raw((byte) 'h', (byte) 'i'),
                Message.of(116).u32(1).u64(0).u32(100),
                Message.of(116).u32(1).u64(0).u32(1),
                Message.of(108).u16(6),
                Message.of(110).u32(0).u32(2).u16(2).text("plant").text("press@billing"),
                linux ? Message.of(12).u32(2).u32(2) : Message.of(112).u32(2).u8(2),
                Message.of(118).u32(2).u64(0).u32(2).raw((byte) 'h', (byte) 'i'),
                Message.of(110).u32(0).u32(3).u16(1).text("ctl"),
                linux ? Message.of(12).u32(3).u32(2) : Message.of(112).u32(3).u8(2),
                Message.of(118)
                        .u32(3)
                        .u64(0)
                        .u32(13)
                        .raw("/pipeline 256".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                linux ? Message.of(24).u32(1).u64(0x7FF) : Message.of(124).u32(1),
                linux
                        ? Message.of(76).u32(0).text("pipeline").u32(0)
                        : Message.of(122).u32(1),
                Message.of(120).u32(2));
        int tag = 0;
        for (Message message : messages) {
            all.writeBytes(message.encode(tag++));
        }
        return all.toByteArray();
    }
}
