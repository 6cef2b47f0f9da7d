package dev.sluice.channel;

import dev.sluice.Frame;
import dev.sluice.channel.contract.ChannelContract;
import dev.sluice.channel.contract.Ints;
import dev.sluice.channel.contract.PartialContract;
import dev.sluice.channel.contract.RetainContract;

/** A channel of frames seen through a codec keeps the contract like any other. */
class TypedChannelContractTest extends ChannelContract implements PartialContract, RetainContract {

    @Override
    public Channel<Integer> open(ChannelOptions options) {
        return Channel.<Frame>create(options).as(Ints.CODEC);
    }
}
