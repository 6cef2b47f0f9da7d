package dev.sluice.samples.demo;

import dev.sluice.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Messages as frames of text, {@code service sequence flash}: who looks on from another terminal can read them.
 *
 * @param services how many there are
 */
record Codec(int services) {

    private static final int LONGEST = 64;

    Frame write(Message message) {
        return Frame.text(message.service() + " " + message.sequence() + " " + message.flash());
    }

    /** The message, or null when the frame is none: whoever finds the hub may send to it. */
    @Nullable Message read(Frame frame) {
        String[] words = frame.size() > LONGEST ? new String[0] : frame.asText().split(" ", -1);
        if (words.length != 3) {
            return null;
        }
        try {
            int service = Integer.parseInt(words[0]);
            return service < 0 || service >= services
                    ? null
                    : new Message(service, Long.parseLong(words[1]), Integer.parseInt(words[2]));
        } catch (NumberFormatException stranger) {
            return null;
        }
    }
}
