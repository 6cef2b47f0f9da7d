package dev.sluice.perf.files;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.perf.measure.ProcessMemory;
import java.lang.management.ManagementFactory;

/**
 * What a server uses.
 *
 * @param cpuNanos processor time since it began, of all its threads
 * @param residentKib memory it has now, by the operating system's count
 * @param heapBytes of it, what objects take that are in use; 0 where nobody looked
 */
record Usage(long cpuNanos, long residentKib, long heapBytes) {
    /** Of this process, now. */
    static Usage now() {
        return new Usage(cpu(), ProcessMemory.now(), 0);
    }

    /** Of this process, once what is not used any more has been collected. */
    static Usage afterCollection() {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return new Usage(cpu(), ProcessMemory.now(), heap);
    }

    private static long cpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /** As the words of a line. */
    String words() {
        return cpuNanos + " " + residentKib + " " + heapBytes;
    }

    /** Reads what {@link #words()} wrote; the host of diod leaves the heap out. */
    static Usage parse(String line) {
        String[] words = line.split(" ", -1);
        long heap = words.length > 2 ? Long.parseLong(words[2]) : 0;
        return new Usage(Long.parseLong(words[0]), Long.parseLong(words[1]), heap);
    }
}
