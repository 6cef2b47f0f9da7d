package dev.sluice.perf.network;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.perf.measure.ProcessMemory;
import java.lang.management.ManagementFactory;

/**
 * What a process has used since it began.
 *
 * @param cpuNanos processor time of all its threads, the compiler's and the collector's too
 * @param peakKib the most memory it had in use at a time, by the operating system's count; 0 where that does not tell
 */
record Usage(long cpuNanos, long peakKib) {
    /** Of this process, now. */
    static Usage now() {
        long cpu =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
        return new Usage(cpu, ProcessMemory.peak());
    }

    /** As the words of a line. */
    String words() {
        return cpuNanos + " " + peakKib;
    }

    /** Reads what {@link #words()} wrote. */
    static Usage parse(String words) {
        String[] both = words.split(" ", -1);
        return new Usage(Long.parseLong(both[0]), Long.parseLong(both[1]));
    }
}
