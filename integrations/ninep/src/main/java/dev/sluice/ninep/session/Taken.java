package dev.sluice.ninep.session;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import org.jspecify.annotations.Nullable;

/** A frame that was taken out of a channel to be read, and how far that has come. Used on the event loop only. */
final class Taken {

    final Frame frame;

    /** To whom it goes back; null when it was only listened to. */
    private final @Nullable Delivery<Frame> delivery;

    /** How much is in answers. */
    int read;

    /** How much is known to be in the socket. */
    private int sent;

    Taken(Frame frame, @Nullable Delivery<Frame> delivery) {
        this.frame = frame;
        this.delivery = delivery;
    }

    int left() {
        return frame.size() - read;
    }

    /** Bytes have reached the socket. Once all have, the frame is received; true then. */
    boolean sent(int bytes) {
        sent += bytes;
        boolean isAll = sent == frame.size();
        if (isAll && delivery != null) {
            delivery.ack();
        }
        return isAll;
    }

    /** What has not reached the socket goes back to the front, unless its reader's leave takes it there whole. */
    void giveBackRest() {
        if (delivery != null && sent > 0) {
            byte[] rest = new byte[frame.size() - sent];
            frame.asByteBuffer().position(sent).get(rest);
            try {
                delivery.nack(Frame.wrap(rest));
            } catch (UnsupportedOperationException elsewhere) {
                // Of a channel on another machine only whole frames go back: the beginning comes twice then, and is
                // marked.
                delivery.nack();
            }
        }
    }

    /** It goes back as it came. */
    boolean giveBack() {
        return delivery != null && delivery.nack();
    }
}
