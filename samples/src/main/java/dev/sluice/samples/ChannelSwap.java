package dev.sluice.samples;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Sender;
import dev.sluice.switching.LeaseOptions;
import dev.sluice.switching.ServiceRegistry;
import dev.sluice.switching.Sinkhole;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/**
 * Two services share the channel of one reader. The updater needs it for itself for a while: it takes a lease, and grpc
 * is diverted to the sinkhole and back. The sender that grpc holds is the same all the time.
 */
final class ChannelSwap {

    private ChannelSwap() {}

    static void run(PrintWriter out) {
        Channel<String> mesh =
                Channel.create(ChannelOptions.builder().name("mesh").build());
        List<String> core = new ArrayList<>();
        mesh.receive().subscribe(core::add);

        Sinkhole<String> devNull = Sinkhole.create("dev-null");
        ServiceRegistry<String> services = ServiceRegistry.create();
        Sender<String> grpc = services.register("grpc", mesh);

        grpc.send("call 1").block();
        out.println("grpc sends to " + destination(services));

        LeaseOptions<String> alone =
                LeaseOptions.<String>builder().divertOthersTo(devNull).build();
        services.withExclusive(mesh, "updater", alone, lease -> {
                    out.println(lease.holder() + " has " + lease.channel().name() + ", grpc sends to "
                            + destination(services));
                    // Between any two packets grpc makes a call, which succeeds as ever.
                    return Flux.range(1, 3)
                            .concatMap(number ->
                                    lease.sender().send("packet " + number).then(grpc.send("call " + (number + 1))));
                })
                .blockLast();

        grpc.send("call 5").block();
        out.println("the lease has ended, grpc sends to " + destination(services));
        out.println("the core read " + core);
        out.println("dev-null got " + devNull.count() + " calls");
    }

    private static String destination(ServiceRegistry<String> services) {
        return services.services().get(0).destination();
    }
}
