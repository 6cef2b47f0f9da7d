package dev.sluice.hub.control;

import dev.sluice.Frame;
import dev.sluice.RemoteException;
import dev.sluice.channel.ChannelName;
import dev.sluice.channel.Sender;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.channel.Operations;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.switching.LeaseExpiredException;
import dev.sluice.switching.LeaseHeldException;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Leases of channels of a hub, taken from elsewhere. Signals come on the event loop of the connection. Thread safe. */
public final class RemoteLeases {

    private final SluiceClient client;
    private final Operations operations;

    RemoteLeases(SluiceClient client, Operations operations) {
        this.client = client;
        this.operations = operations;
    }

    /**
     * Leases a channel. Lazy. A cancel before the lease is there withdraws the request, or gives the lease back if it was just being granted.
     *
     * @param channel a channel of the hub
     * @param holder who asks, for messages, 1 to 200 characters
     * @param options what happens to the others, how long, and what to do when somebody has it
     * @return the lease; fails with {@link LeaseHeldException}, with {@link dev.sluice.ChannelNotFoundException} when there is no such channel or
     *     none of the name the others are diverted to, and with {@link dev.sluice.ConnectionLostException} when the connection is lost meanwhile
     */
    public Mono<RemoteLease> acquire(String channel, String holder, RemoteLeaseOptions options) {
        return Mono.defer(() -> {
            Duration ttl = options.ttl();
            Call call = Call.to(Controls.LEASE)
                    .tag(Controls.CHANNEL, ChannelName.require(channel))
                    .tag(Controls.HOLDER, Objects.requireNonNull(holder, "holder"))
                    .tags(Controls.tags(options.others()))
                    .tag(Controls.TTL, Long.toString(ttl == null ? 0 : ttl.toMillis()))
                    .tag(Controls.WAIT, Long.toString(options.maxWait().toMillis()));
            return client.call(call)
                    .next()
                    .map(this::granted)
                    .doOnDiscard(RemoteLease.class, lease -> lease.close().subscribe())
                    .switchIfEmpty(Mono.error(() -> new RemoteException("the hub answers without a lease")))
                    .onErrorMap(RemoteLeases::fromTheWire);
        });
    }

    private RemoteLease granted(RemoteSource answer) {
        return new RemoteLease(this, Json.read(answer.header(), LeaseGrant.class), answer);
    }

    /** The error that travelled. */
    private static Throwable fromTheWire(Throwable error) {
        String text = String.valueOf(error.getMessage());
        Code code = Failures.code(error);
        if (code == Code.LEASE_EXPIRED) {
            return new LeaseExpiredException(text);
        }
        if (code == Code.LEASE_HELD) {
            int line = text.indexOf('\n');
            return line < 0
                    ? new LeaseHeldException(text, "somebody else")
                    : new LeaseHeldException(text.substring(line + 1), text.substring(0, line));
        }
        return error;
    }

    /**
     * The leases that are held of channels below a prefix, in the order of the channels' names.
     *
     * @param prefix as {@link dev.sluice.channel.NamePrefix} reads it, empty for all
     */
    public Flux<LeaseInfo> list(String prefix) {
        Call call = Call.to(Controls.LEASES).tag(Controls.PREFIX, Objects.requireNonNull(prefix, "prefix"));
        return client.call(call.firstItems(1))
                .next()
                .flatMapMany(RemoteSource::frames)
                .map(frame -> Json.read(frame, LeaseInfo.class));
    }

    /**
     * What sends through a lease that another process holds, and has told its id.
     *
     * @param channel the leased channel, for messages
     * @param id that of the {@linkplain RemoteLease#id() lease}
     */
    public Sender<Frame> sender(String channel, String id) {
        Sender<Frame> sender = operations.sender(
                "lease",
                channel,
                Call.to(Controls.LEASE_SEND).tag(Controls.ID, id),
                Call.to(Controls.LEASE_SEND_ALL).tag(Controls.ID, id));
        return new LeasedSender(sender, RemoteLeases::fromTheWire);
    }

    Mono<Void> renew(String id) {
        return client.call(Call.to(Controls.RENEW).tag(Controls.ID, id)).then().onErrorMap(RemoteLeases::fromTheWire);
    }
}
