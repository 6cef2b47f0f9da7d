package dev.sluice.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.channel.Overflow;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stands in a directory, as JSON. What cannot be read, because somebody else put it there, is left out, and logged. */
final class EntryText {

    private static final Logger LOG = LoggerFactory.getLogger(EntryText.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What was told to be unreadable: all of a prefix is read at each change, and would be told each time. */
    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private static final int MOST_TOLD = 1_000;

    private EntryText() {}

    static String of(Instance instance) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", instance.id());
        node.put("scheme", instance.scheme().text());
        node.put("host", instance.host());
        node.put("port", instance.port());
        node.put("weight", instance.weight());
        ObjectNode metadata = node.putObject("metadata");
        instance.metadata().forEach(metadata::put);
        return node.toString();
    }

    static @Nullable Instance instance(String key, String text) {
        return read(key, text, node -> {
            Map<String, String> metadata = new TreeMap<>();
            node.path("metadata")
                    .properties()
                    .forEach(entry ->
                            metadata.put(entry.getKey(), entry.getValue().asText()));
            return new Instance(
                    node.path("id").asText(),
                    Scheme.of(node.path("scheme").asText("rsocket")),
                    node.path("host").asText(),
                    node.path("port").asInt(),
                    node.path("weight").asInt(1),
                    metadata);
        });
    }

    static String of(GroupTerms terms) {
        ObjectNode node = JSON.createObjectNode();
        node.put("expiry_ms", terms.expiry().toMillis());
        node.put("overflow", terms.overflow().name().toLowerCase(Locale.ROOT));
        node.put("buffer", terms.buffer());
        return node.toString();
    }

    static @Nullable GroupTerms terms(String key, String text) {
        return read(key, text, node -> {
            GroupTerms otherwise = GroupTerms.defaults();
            return new GroupTerms(
                    Duration.ofMillis(
                            node.path("expiry_ms").asLong(otherwise.expiry().toMillis())),
                    Overflow.valueOf(node.path("overflow")
                            .asText(otherwise.overflow().name())
                            .toUpperCase(Locale.ROOT)),
                    node.path("buffer").asInt(otherwise.buffer()));
        });
    }

    private interface Reader<T> {
        T read(JsonNode node);
    }

    private static <T> @Nullable T read(String key, String text, Reader<T> reader) {
        try {
            return reader.read(JSON.readTree(text));
        } catch (JsonProcessingException | RuntimeException unreadable) {
            String what = "The directory has something unreadable under {}, which is left out: {}";
            if (TOLD.size() < MOST_TOLD && TOLD.add(key + " " + text.hashCode())) {
                LOG.warn(what, key, unreadable.getMessage());
                if (TOLD.size() >= MOST_TOLD) {
                    LOG.warn("That was unreadable entry {}: no others are told any more", MOST_TOLD);
                }
            } else {
                LOG.debug(what, key, unreadable.getMessage());
            }
            return null;
        }
    }
}
