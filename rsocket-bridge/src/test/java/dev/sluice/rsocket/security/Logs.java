package dev.sluice.rsocket.security;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.simple.SimpleLogger;

/** What Sluice's loggers of the classes used so far say. */
public final class Logs implements AutoCloseable {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Map<SimpleLogger, Integer> levels = new HashMap<>();
    private final Field level;

    /** Everything, traces too. */
    public Logs() throws ReflectiveOperationException {
        this(Level.TRACE);
    }

    /** What is said at this level or above. */
    public Logs(Level lowest) throws ReflectiveOperationException {
        level = SimpleLogger.class.getDeclaredField("currentLogLevel");
        level.setAccessible(true);
        Field all = LoggerFactory.getILoggerFactory().getClass().getDeclaredField("loggerMap");
        all.setAccessible(true);
        for (Object logger : ((Map<?, ?>) all.get(LoggerFactory.getILoggerFactory())).values()) {
            if (((SimpleLogger) logger).getName().startsWith("dev.sluice")) {
                levels.put((SimpleLogger) logger, level.getInt(logger));
                level.setInt(logger, lowest.toInt());
            }
        }
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    /** All that was said so far. */
    public String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IllegalAccessException {
        System.setErr(before);
        for (Map.Entry<SimpleLogger, Integer> entry : levels.entrySet()) {
            level.setInt(entry.getKey(), entry.getValue());
        }
    }
}
