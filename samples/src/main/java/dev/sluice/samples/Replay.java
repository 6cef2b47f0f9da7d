package dev.sluice.samples;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.WhenNoGroup;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A reader that comes late gets exactly the retained elements and then the live ones, without a gap and without a
 * repetition. It may also resume after the last offset it saw.
 */
final class Replay {

    private Replay() {}

    static void run(PrintWriter out) {
        Channel<String> news = Channel.create(ChannelOptions.builder()
                .name("news")
                .retention(Retention.last(3))
                .whenNoGroup(WhenNoGroup.DISCARD)
                .build());

        List<String> early = new ArrayList<>();
        List<String> late = new ArrayList<>();
        List<String> resumed = new ArrayList<>();

        news.listen().subscribe(early::add);
        for (String element : List.of("a", "b", "c", "d", "e")) {
            news.trySend(element);
        }
        news.listen(Position.earliest()).subscribe(late::add);
        news.listen(Position.offset(4)).subscribe(resumed::add);
        out.println("five were sent, the channel retains the last three");
        out.println("there from the start:   " + early);
        out.println("came late, earliest:    " + late);
        out.println("came late, offset 4:    " + resumed);

        news.trySend("f");
        news.close();
        out.println("one more is sent");
        out.println("there from the start:   " + early);
        out.println("came late, earliest:    " + late);
        out.println("came late, offset 4:    " + resumed);
    }
}
