package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Retention;
import dev.sluice.channel.contract.ChannelContract;
import dev.sluice.channel.contract.Ints;
import dev.sluice.channel.contract.ListingContract;
import dev.sluice.channel.contract.PartialContract;
import dev.sluice.channel.contract.RetainContract;
import org.junit.jupiter.api.Test;

/** The engine in memory keeps the contract. */
class MemoryChannelTest extends ChannelContract implements ListingContract, PartialContract, RetainContract {

    private final Channels registry = Channels.inMemory();

    @Override
    public Channels registry() {
        return registry;
    }

    @Override
    public Channel<Integer> open(ChannelOptions options) {
        return Channel.create(options);
    }

    @Override
    public Channel<Integer> openMeasured(ChannelOptions options) {
        return Channel.<Frame>create(options).as(Ints.CODEC);
    }

    @Test
    void retention_bytesOfWhatHasNone_isRefusedWhenItIsSent() {
        Channel<Integer> channel =
                open(ChannelOptions.builder().retention(Retention.bytes(100)).build());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> channel.trySend(1))
                .withMessageContaining("Integer")
                .withMessageContaining("byte[]");
    }
}
