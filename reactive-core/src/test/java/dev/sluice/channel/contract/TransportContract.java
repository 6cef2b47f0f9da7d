package dev.sluice.channel.contract;

/** The chapters of the contract in which what carries elements has a part: how they are sent, acknowledged and ended. A few seconds over a socket. */
public abstract class TransportContract
        implements SendingContract, SendAllContract, AckedContract, ListeningContract, ClosingContract {}
