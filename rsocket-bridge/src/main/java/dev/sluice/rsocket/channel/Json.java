package dev.sluice.rsocket.channel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.Frame;
import dev.sluice.RemoteException;
import dev.sluice.channel.BroadcastResult;
import dev.sluice.channel.BroadcastResult.Outcome;
import dev.sluice.channel.ChannelEvent;
import dev.sluice.channel.ChannelStats;
import java.util.Map;
import java.util.TreeMap;

/** Readings, events and outcomes as JSON: other languages read them too. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static Frame stats(ChannelStats stats) {
        return write(stats);
    }

    static ChannelStats stats(Frame wire) {
        return read(wire, ChannelStats.class);
    }

    static Frame event(ChannelEvent event) {
        ObjectNode node = MAPPER.createObjectNode();
        if (event instanceof ChannelEvent.Created created) {
            node.put("created", created.name());
        } else if (event instanceof ChannelEvent.Deleted deleted) {
            node.put("deleted", deleted.name());
        } else if (event instanceof ChannelEvent.Missed missed) {
            node.put("missed", missed.count());
        }
        return write(node);
    }

    static ChannelEvent event(Frame wire) {
        JsonNode node = read(wire, JsonNode.class);
        if (node.has("created")) {
            return new ChannelEvent.Created(node.get("created").asText());
        }
        return node.has("deleted")
                ? new ChannelEvent.Deleted(node.get("deleted").asText())
                : new ChannelEvent.Missed(node.path("missed").asLong());
    }

    static Frame broadcast(BroadcastResult result) {
        ObjectNode node = MAPPER.createObjectNode();
        ObjectNode outcomes = node.putObject("outcomes");
        result.outcomes().forEach((name, outcome) -> outcomes.put(name, outcome.name()));
        ObjectNode failures = node.putObject("failures");
        result.failures().forEach((name, failure) -> failures.put(name, String.valueOf(failure.getMessage())));
        return write(node);
    }

    static BroadcastResult broadcast(Frame wire) {
        JsonNode node = read(wire, JsonNode.class);
        Map<String, Outcome> outcomes = new TreeMap<>();
        node.path("outcomes")
                .properties()
                .forEach(entry -> outcomes.put(
                        entry.getKey(), Outcome.valueOf(entry.getValue().asText())));
        Map<String, Throwable> failures = new TreeMap<>();
        node.path("failures")
                .properties()
                .forEach(entry -> failures.put(
                        entry.getKey(), new RemoteException(entry.getValue().asText())));
        return BroadcastResult.of(outcomes, failures);
    }

    private static Frame write(Object value) {
        try {
            return Frame.wrap(MAPPER.writeValueAsBytes(value));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static <T> T read(Frame wire, Class<T> type) {
        try {
            return MAPPER.readValue(wire.toByteArray(), type);
        } catch (java.io.IOException broken) {
            throw new RemoteException("the other side's answer cannot be read: " + broken.getMessage());
        }
    }
}
