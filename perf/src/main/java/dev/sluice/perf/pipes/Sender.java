package dev.sluice.perf.pipes;

import dev.sluice.perf.measure.Questions;
import java.util.concurrent.TimeUnit;

/**
 * Who sends: the entry point of the process.
 *
 * <p>Says that it is ready, and where members find it. Then answers {@code members} when all of them are there, and {@code send
 * MILLIS} with how many frames it has sent within so long.
 */
public final class Sender {
    static final String MEMBERS = "members";
    static final String SEND = "send";

    private Sender() {}

    /**
     * Runs it.
     *
     * @param args the contender, the place of its server or {@code -}, groups, members of each, bytes of a frame
     */
    public static void main(String... args) {
        PipesShape shape =
                new PipesShape(Integer.parseInt(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
        Questions.answer(questions -> {
            Sending sending =
                    args[0].equals(Contender.SLUICE) ? SluiceSending.start(shape) : NatsSending.start(args[1], shape);
            questions.ready(sending.place());
            while (true) {
                questions.answer(answer(questions.next(), sending));
            }
        });
    }

    private static String answer(String question, Sending sending) throws Exception {
        if (question.equals(MEMBERS)) {
            sending.awaitMembers();
            return MEMBERS;
        }
        long millis = Long.parseLong(question.substring(SEND.length()).trim());
        return Long.toString(sending.send(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis)));
    }
}
