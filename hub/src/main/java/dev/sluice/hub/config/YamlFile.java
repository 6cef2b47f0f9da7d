package dev.sluice.hub.config;

import dev.sluice.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML file as nodes that know their lines, which Jackson's trees do not. Values are taken as they are written: YAML
 * would make a number of {@code 1:30} and true of {@code yes}.
 */
final class YamlFile {

    private static final int MOST_BYTES = 1 << 20;

    private final Path path;

    /**
     * A value by its key.
     *
     * @param line where the key stands, from 1
     */
    record Entry(String key, Node value, int line) {}

    YamlFile(Path path) {
        this.path = path;
    }

    /** What the file says at its top; empty when it says nothing. */
    List<Entry> read(String from) {
        String text = text(from);
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MOST_BYTES + 1);
        @Nullable Node root;
        try {
            root = new Yaml(options).compose(new StringReader(text));
        } catch (MarkedYAMLException malformed) {
            @Nullable Mark mark = malformed.getProblemMark();
            throw bad(mark == null ? 1 : mark.getLine() + 1, "not YAML: " + malformed.getProblem(), malformed);
        } catch (YAMLException malformed) {
            throw new ConfigurationException(
                    path + ": not YAML: " + Values.shown(String.valueOf(malformed.getMessage())), malformed);
        }
        return root == null || isNothing(root) ? List.of() : entries(root, "the file", "key: value");
    }

    private String text(String from) {
        String named = path + " (" + from + "): ";
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (NoSuchFileException missing) {
            throw new ConfigurationException(named + "there is no such file", missing);
        } catch (IOException unreadable) {
            throw new ConfigurationException(
                    named + "cannot be read: " + (Files.isDirectory(path) ? "it is a folder" : unreadable.getMessage()),
                    unreadable);
        }
        if (bytes.length > MOST_BYTES) {
            throw new ConfigurationException(
                    named + "has more than 1 MiB, which no configuration needs: is it the right file?");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw new ConfigurationException(named + "not YAML: it is not UTF-8 text", notText);
        }
    }

    /**
     * The entries of a mapping in their order.
     *
     * @param what what the mapping belongs to, for messages
     * @param form how it would be right
     */
    List<Entry> entries(Node node, String what, String form) {
        if (!(node instanceof MappingNode mapping)) {
            throw bad(line(node), what + " must be a mapping, " + form + ", is " + kind(node), null);
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple pair : mapping.getValue()) {
            int line = line(pair.getKeyNode());
            if (!(pair.getKeyNode() instanceof ScalarNode key)) {
                throw bad(line, what + " has " + kind(pair.getKeyNode()) + " for a key: keys are text", null);
            }
            Entry entry = new Entry(key.getValue(), pair.getValueNode(), line);
            Entry other = entries.putIfAbsent(entry.key(), entry);
            if (other != null) {
                throw bad(
                        line,
                        Values.shown(entry.key()) + " is given twice, first in line " + other.line()
                                + ": leave one out",
                        null);
            }
        }
        return new ArrayList<>(entries.values());
    }

    /** A single value as it is written. */
    String scalar(Entry entry, String what) {
        if (!(entry.value() instanceof ScalarNode scalar)) {
            throw bad(
                    entry.line(),
                    what + " must be a single value, is " + kind(entry.value())
                            + ": put what has brackets or braces in quotes, as \"[::1]:7878\"",
                    null);
        }
        if (isNothing(scalar)) {
            throw bad(entry.line(), what + " has no value: give it one, or leave it out for the default", null);
        }
        return scalar.getValue();
    }

    /** A list of single values, each as it is written. */
    List<String> list(Entry entry, String what) {
        if (!(entry.value() instanceof SequenceNode sequence)) {
            throw bad(entry.line(), what + " must be a list, as [billing, shipping], is " + kind(entry.value()), null);
        }
        List<String> texts = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            texts.add(scalar(new Entry(entry.key(), item, line(item)), "each of " + what));
        }
        return texts;
    }

    /** {@code null}, {@code ~} or nothing at all. */
    static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    String from(int line) {
        return path + " line " + line;
    }

    ConfigurationException bad(int line, String problem, @Nullable Throwable cause) {
        String message = from(line) + ": " + problem;
        return cause == null ? new ConfigurationException(message) : new ConfigurationException(message, cause);
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private static String kind(Node node) {
        if (isNothing(node)) {
            return "nothing";
        }
        return node instanceof ScalarNode scalar
                ? "\"" + Values.shown(scalar.getValue()) + "\""
                : node instanceof SequenceNode ? "a list" : "a mapping";
    }
}
