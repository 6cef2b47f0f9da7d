package dev.sluice.perf.pipes;

import dev.sluice.perf.measure.Questions;

/**
 * All members of all groups: the entry point of the process.
 *
 * <p>Says that it is ready. Then answers {@code received COUNT} with how many frames each member has got since the last such
 * question, as soon as each group has got so many, or nothing comes any more.
 */
public final class Members {
    static final String RECEIVED = "received";

    private Members() {}

    /**
     * Runs them.
     *
     * @param args the contender, where they find who sends, groups, members of each, bytes of a frame
     */
    public static void main(String... args) {
        PipesShape shape =
                new PipesShape(Integer.parseInt(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
        Questions.answer(questions -> {
            Taken taken = new Taken(shape);
            if (args[0].equals(Contender.SLUICE)) {
                SluiceMembers.join(args[1], shape, taken);
            } else {
                NatsMembers.join(args[1], shape, taken);
            }
            questions.ready("");
            while (true) {
                String question = questions.next();
                questions.answer(taken.await(
                        Long.parseLong(question.substring(RECEIVED.length()).trim())));
            }
        });
    }
}
