package dev.sluice.hub.users;

import dev.sluice.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads the text of a users file, and keeps where in it things are. Values are never part of an error, as one may be a secret that somebody has
 * written as it is; keys, names, verbs and prefixes are.
 *
 * @param users by name, in the order of the text
 * @param list what holds them; null when there is nothing yet
 */
record UsersText(Map<String, User> users, @Nullable Node list) {

    static final int MAX_BYTES = 1 << 20;

    private static final String USERS = "users";
    private static final String SECRET = "secret";
    private static final String MAY = "may";
    private static final String PREFIX = "prefix";
    private static final String VERBS = "verbs";

    /** All of a file. */
    static String read(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            // Not by its size: what comes through a pipe has none.
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(
                    file + ": there is no such file; sluice passwd NAME --users " + file + " writes one", e);
        } catch (AccessDeniedException e) {
            throw new ConfigurationException(
                    file + ": may not be read by " + System.getProperty("user.name") + ": give it to that user", e);
        } catch (IOException e) {
            throw new ConfigurationException(
                    file + ": cannot be read: " + (Files.isDirectory(file) ? "it is a folder" : e.getMessage()), e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new ConfigurationException(file + ": is longer than 1 MiB, the limit of a users file");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(file + ": is not UTF-8 text", e);
        }
    }

    /** Reads a text, which may have no users. */
    static UsersText parse(String text, String source) {
        return new Reader(source).read(text);
    }

    /** Reads one text; knows where it is, for errors. */
    private static final class Reader {
        private final String source;
        private final Map<String, User> users = new LinkedHashMap<>();
        private String place = "";

        Reader(String source) {
            this.source = source;
        }

        UsersText read(String text) {
            Node root = compose(text);
            if (root == null || isNull(root)) {
                return new UsersText(users, null);
            }
            Map<String, NodeTuple> top = mapping(root, "the file", List.of(USERS));
            NodeTuple list = top.get(USERS);
            if (list == null) {
                throw error(root, "has no key \"" + USERS + "\"");
            }
            Node value = list.getValueNode();
            if (!isNull(value)) {
                mapping(value, "\"" + USERS + "\"", null).forEach(this::user);
            }
            return new UsersText(users, value);
        }

        private @Nullable Node compose(String text) {
            LoaderOptions options = new LoaderOptions();
            // A file's length is limited where it is read and written; what is too long by an entry must still be read,
            // to tell so.
            options.setCodePointLimit(4 * MAX_BYTES);
            try {
                return new Yaml(options).compose(new StringReader(text));
            } catch (MarkedYAMLException e) {
                // Neither its message nor itself as a cause: both quote the line.
                int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
                String hint = String.valueOf(e.getContext()).contains("alias")
                        ? "; a prefix that begins with * needs quotes: \"*\""
                        : "";
                throw new ConfigurationException(
                        source + (line > 0 ? ":" + line : "") + ": is not YAML: " + e.getProblem() + hint);
            } catch (YAMLException e) {
                throw new ConfigurationException(
                        source
                                + ": is not YAML that can be a users file: it has characters that must not be, or is nested too deeply");
            }
        }

        private void user(String name, NodeTuple entry) {
            place = "user \"" + User.visible(name) + "\": ";
            try {
                User.requireName(name);
            } catch (IllegalArgumentException e) {
                throw error(entry.getKeyNode(), String.valueOf(e.getMessage()));
            }
            Map<String, NodeTuple> fields = mapping(entry.getValueNode(), "the entry", List.of(SECRET, MAY));
            SecretHash secret = secret(entry.getKeyNode(), fields.get(SECRET));
            List<Grant> may = new ArrayList<>();
            NodeTuple grants = fields.get(MAY);
            if (grants != null && !isNull(grants.getValueNode())) {
                int count = 0;
                for (Node grant : sequence(grants.getValueNode(), MAY)) {
                    may.add(grant(grant, MAY + "[" + count++ + "]"));
                }
            }
            users.put(name, new User(name, secret, may));
            place = "";
        }

        private SecretHash secret(Node key, @Nullable NodeTuple field) {
            if (field == null) {
                throw error(key, SECRET + " is missing: sluice passwd writes one");
            }
            try {
                return SecretHash.parse(word(field.getValueNode(), SECRET));
            } catch (IllegalArgumentException e) {
                throw error(field.getValueNode(), SECRET + ": " + e.getMessage());
            }
        }

        private Grant grant(Node node, String field) {
            Map<String, NodeTuple> fields = mapping(node, field, List.of(PREFIX, VERBS));
            NodeTuple prefix = fields.get(PREFIX);
            NodeTuple verbs = fields.get(VERBS);
            if (prefix == null || verbs == null) {
                throw error(node, field + ": " + (prefix == null ? PREFIX : VERBS) + " is missing");
            }
            String selects = word(prefix.getValueNode(), field + "." + PREFIX);
            List<String> words = new ArrayList<>();
            for (Node verb : sequence(verbs.getValueNode(), field + "." + VERBS)) {
                words.add(word(verb, field + "." + VERBS));
                refusing(verb, field + "." + VERBS, () -> Grant.of("*", words));
            }
            return refusing(prefix.getValueNode(), field, () -> Grant.of(selects, words));
        }

        private Grant refusing(Node node, String field, Supplier<Grant> made) {
            try {
                return made.get();
            } catch (IllegalArgumentException e) {
                throw error(node, field + ": " + e.getMessage());
            }
        }

        /** The entries of a mapping by key, each once; all keys are allowed when none are known. */
        private Map<String, NodeTuple> mapping(Node node, String what, @Nullable List<String> known) {
            if (!(plain(node, what) instanceof MappingNode mapping)) {
                throw error(
                        node,
                        what + " must be keys with values"
                                + (known == null ? ", the names of users" : ": " + String.join(", ", known)));
            }
            Map<String, NodeTuple> byKey = new LinkedHashMap<>();
            for (NodeTuple entry : mapping.getValue()) {
                String key = key(entry.getKeyNode(), "a key of " + what);
                if (known != null && !known.contains(key)) {
                    throw error(entry.getKeyNode(), Grant.unknown("key", User.visible(key), known));
                }
                NodeTuple earlier = byKey.putIfAbsent(key, entry);
                if (earlier != null) {
                    throw error(
                            entry.getKeyNode(),
                            "\"" + User.visible(key) + "\" is there twice, first in line "
                                    + line(earlier.getKeyNode()));
                }
            }
            return byKey;
        }

        private List<Node> sequence(Node node, String what) {
            if (!(plain(node, what) instanceof SequenceNode sequence)) {
                throw error(node, what + " must be a list, as [a, b]");
            }
            return sequence.getValue();
        }

        private String word(Node node, String what) {
            if (isNull(node)) {
                throw error(node, what + " is empty");
            }
            return key(node, what);
        }

        /** As it is written: a user may be called null, or 7. */
        private String key(Node node, String what) {
            if (!(plain(node, what) instanceof ScalarNode scalar)) {
                throw error(node, what + " must be one word");
            }
            return scalar.getValue();
        }

        /** Without anchors there are no aliases, and so no loops and nothing that is somewhere else. */
        private Node plain(Node node, String what) {
            if (node.getAnchor() != null) {
                throw error(node, what + " has an anchor (&), which a users file must not have: write it out");
            }
            return node;
        }

        private ConfigurationException error(Node node, String what) {
            return new ConfigurationException(source + ":" + line(node) + ": " + place + what);
        }
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    /** Nothing, or the word null. */
    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }
}
