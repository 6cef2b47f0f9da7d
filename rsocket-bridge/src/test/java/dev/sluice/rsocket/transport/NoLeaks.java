package dev.sluice.rsocket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a class of tests that lost a buffer; where it was last seen tells which. Once for the class, as it takes four collections of garbage. */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) throws InterruptedException {
        // What classes before lost is theirs.
        found();
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        assertThat(found()).as("leaked buffers").isEmpty();
    }

    /** What a collection of garbage finds; Netty looks at the result when the next buffer is allocated. */
    static List<String> found() throws InterruptedException {
        List<String> leaks = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            ReferenceQueue<Object> collected = new ReferenceQueue<>();
            WeakReference<Object> witness = new WeakReference<>(new Object(), collected);
            System.gc();
            assertThat(collected.remove(10_000)).isSameAs(witness);
            ByteBufAllocator.DEFAULT.buffer(1).release();
            leaks.addAll(RecordingLeakDetector.take());
        }
        return leaks;
    }
}
