package dev.sluice.channel.contract;

/**
 * What every channel promises, whichever engine it lives in: one test per promise, a chapter per interface. An engine
 * passes by extending this class and saying how a channel is opened.
 */
public abstract class ChannelContract
        implements SendingContract,
                SendAllContract,
                ReceivingContract,
                GroupContract,
                AckedContract,
                ListeningContract,
                RetentionContract,
                ResizeContract,
                ClosingContract,
                StatsContract,
                SinkContract,
                MisuseContract,
                ConservationContract {}
