package dev.sluice.channel.spi;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound, where it is installed, that {@link Backoff} is no blocking: it waits for a few steps of a thread that
 * is running them, and never parks. Found through {@link java.util.ServiceLoader}; without BlockHound never loaded.
 */
public final class BackoffIsNoBlocking implements BlockHoundIntegration {

    /** For {@link java.util.ServiceLoader}. */
    public BackoffIsNoBlocking() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(Backoff.class.getName(), "pause");
    }
}
