package dev.sluice.rsocket.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** One of the test vectors that every implementation of the protocol shares; their README says what is in them. */
record Vector(String name, Frame content, JsonNode description) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static List<Vector> valid() {
        return in(folder());
    }

    static List<Vector> invalid() {
        return in(folder().resolve("invalid"));
    }

    static List<Vector> all() {
        return Stream.concat(valid().stream(), invalid().stream()).toList();
    }

    byte[] bytes() {
        return content.toByteArray();
    }

    boolean lz4() {
        return description.path("lz4").asBoolean();
    }

    boolean isCanonical() {
        return description.get("canonical").booleanValue();
    }

    /** The records with all bytes spelt out, as {@link Recorder} notes them. */
    ArrayNode records() {
        ArrayNode records = description.get("records").deepCopy();
        records.forEach(record -> spellOut((ObjectNode) record));
        return records;
    }

    private static void spellOut(ObjectNode record) {
        record.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isObject()) {
                String spelt = value.get("repeat")
                        .textValue()
                        .repeat(value.get("times").intValue());
                field.setValue(record.textNode(spelt));
            }
        });
    }

    @Override
    public String toString() {
        return name;
    }

    private static Path folder() {
        try {
            return Path.of(
                    Objects.requireNonNull(Vector.class.getResource("/vectors")).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Vector> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Vector::at)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Vector at(Path json) {
        String name = json.getFileName().toString().replaceFirst("\\.json$", "");
        try {
            return new Vector(
                    name,
                    Frame.wrap(Files.readAllBytes(json.resolveSibling(name + ".bin"))),
                    JSON.readTree(json.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
