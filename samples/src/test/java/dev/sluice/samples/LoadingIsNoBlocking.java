package dev.sluice.samples;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * A class is read from its file when it is first used, on an event loop as anywhere: once, and nothing code could avoid. And RSocket cancels its
 * keep-alive timer on the event loop, which takes a lock of the JDK's for as long as it takes to unlink a task.
 */
public final class LoadingIsNoBlocking implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(ClassLoader.class.getName(), "loadClass");
        builder.allowBlockingCallsInside(ScheduledThreadPoolExecutor.class.getName(), "remove");
        builder.allowBlockingCallsInside(ScheduledThreadPoolExecutor.class.getName() + "$DelayedWorkQueue", "remove");
    }
}
