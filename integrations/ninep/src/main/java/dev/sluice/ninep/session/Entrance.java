package dev.sluice.ninep.session;

import dev.sluice.ninep.wire.MessageCutter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/** What the pipeline calls: a handler must be there before its context is. */
final class Entrance extends ChannelInboundHandlerAdapter {
    private final MessageCutter cutter = new MessageCutter(this::longest);
    private @Nullable Session session;

    MessageCutter cutter() {
        return cutter;
    }

    void leadsTo(Session made) {
        session = made;
    }

    private Session session() {
        Session known = session;
        if (known == null) {
            throw new IllegalStateException("no session yet");
        }
        return known;
    }

    int longest() {
        return session().longestMessage();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        session().out().readingBegins();
        ByteBuf bytes = (ByteBuf) message;
        try {
            session().received(bytes);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session().out().readingEnds();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        session().out().writabilityChanged();
        if (context.channel().isWritable()) {
            cutter.goOn(context.pipeline().context(cutter));
            session().out().readingEnds();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Session ended = session();
        // In a turn of its own: by then every answer is known to be out or lost.
        ended.executeLater(ended::end);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        cutter.end();
        session().broken(failure);
    }
}
