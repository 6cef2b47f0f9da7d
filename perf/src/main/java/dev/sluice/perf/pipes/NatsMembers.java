package dev.sluice.perf.pipes;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.nio.ByteBuffer;

/** Members of queue groups, each with a dispatcher of its own, all over one connection. */
final class NatsMembers {
    private static final int FRAMES_A_WORD = 128;
    private static final int WORD_BYTES = Integer.BYTES + Long.BYTES;

    private NatsMembers() {}

    static void join(String server, PipesShape shape, Taken taken) throws Exception {
        Connection connection = NatsSending.connect(server);
        for (int i = 0; i < shape.groups() * shape.members(); i++) {
            int member = i;
            Dispatcher dispatcher = connection.createDispatcher();
            // Unlimited: the sender does not run away.
            dispatcher.setPendingLimits(0, 0);
            dispatcher.subscribe(NatsSending.SUBJECT, "group-" + member / shape.members(), message -> {
                byte[] frame = message.getData();
                long count = taken.frame(member, frame.length, frame[0], frame[frame.length - 1]);
                if (count % FRAMES_A_WORD == 0) {
                    connection.publish(
                            NatsSending.TAKEN,
                            ByteBuffer.allocate(WORD_BYTES)
                                    .putInt(member)
                                    .putLong(count)
                                    .array());
                }
            });
        }
        connection.flush(null);
    }
}
