package dev.sluice.hub.users;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.sluice.ConfigurationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Changes one entry of the text of a users file. It edits the text where the entry is, so that comments and the order stay, reads what came of it, and
 * when that is not what was meant, as it may be of a text in braces, writes all of it anew.
 */
final class UsersEdit {

    private static final String HEAD = "# Who may use the hub. Secrets are hashes: sluice passwd writes them.";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./*-]*");

    private final String text;
    private final UsersText parsed;
    private final String newline;

    UsersEdit(String text, UsersText parsed) {
        this.text = text;
        this.parsed = parsed;
        this.newline = text.contains("\r\n") ? "\r\n" : "\n";
    }

    /** With another secret for a user who is there. */
    String secret(User user) {
        Node secret = value(value(parsed.list(), user.name()), "secret");
        return checked(
                secret == null
                        ? null
                        : replaced(
                                offset(secret, true),
                                offset(secret, false),
                                user.secret().text()),
                with(user));
    }

    /** With an entry, instead of the one of that name or behind the last. */
    String put(User user) {
        return checked(entry(user), with(user));
    }

    private @Nullable String entry(User user) {
        Node list = parsed.list();
        if (list == null) {
            String before = text.isEmpty() ? HEAD + newline : withNewline(text);
            return before + "users:" + newline + rendered(user, 2);
        }
        if (list instanceof ScalarNode) {
            int end = lineEnd(offset(list, false));
            return withNewline(text.substring(0, end)) + rendered(user, 2) + text.substring(end);
        }
        if (!(list instanceof MappingNode users) || users.getFlowStyle() != FlowStyle.BLOCK) {
            return null;
        }
        List<NodeTuple> all = users.getValue();
        int indent = all.get(0).getKeyNode().getStartMark().getColumn();
        NodeTuple old = tuple(users, user.name());
        int end = lineEnd(lastEnd((old == null ? all.get(all.size() - 1) : old).getValueNode()));
        int start = old == null ? end : lineStart(offset(old.getKeyNode(), true));
        return withNewline(text.substring(0, start)) + rendered(user, indent) + text.substring(end);
    }

    /** Without an entry that is there. */
    String remove(String name) {
        Map<String, User> wanted = new LinkedHashMap<>(parsed.users());
        wanted.remove(name);
        NodeTuple old = tuple(parsed.list(), name);
        return checked(
                old == null
                        ? null
                        : replaced(lineStart(offset(old.getKeyNode(), true)), lineEnd(lastEnd(old.getValueNode())), ""),
                wanted);
    }

    private Map<String, User> with(User user) {
        Map<String, User> wanted = new LinkedHashMap<>(parsed.users());
        wanted.put(user.name(), user);
        return wanted;
    }

    private String checked(@Nullable String edited, Map<String, User> wanted) {
        if (edited != null && reads(edited, wanted)) {
            return edited;
        }
        StringBuilder anew =
                new StringBuilder(HEAD).append(newline).append("users:").append(newline);
        wanted.values().forEach(user -> anew.append(rendered(user, 2)));
        if (!reads(anew.toString(), wanted)) {
            throw new ConfigurationException("a name or prefix has characters that YAML cannot hold: use others");
        }
        return anew.toString();
    }

    private static boolean reads(String text, Map<String, User> wanted) {
        try {
            return UsersText.parse(text, "").users().equals(wanted);
        } catch (ConfigurationException e) {
            return false;
        }
    }

    private String rendered(User user, int indent) {
        String outer = " ".repeat(indent);
        StringBuilder entry = new StringBuilder(outer + quoted(user.name()) + ":" + newline);
        entry.append(outer).append("  secret: ").append(user.secret().text()).append(newline);
        if (!user.may().isEmpty()) {
            entry.append(outer).append("  may:").append(newline);
        }
        for (Grant grant : user.may()) {
            entry.append(outer)
                    .append("    - prefix: ")
                    .append(quoted(grant.prefix()))
                    .append(newline)
                    .append(outer)
                    .append("      verbs: [")
                    .append(String.join(", ", grant.words()))
                    .append(']')
                    .append(newline);
        }
        return entry.toString();
    }

    /** What JSON quotes is a quoted text of YAML too. */
    private static String quoted(String word) {
        boolean plain = PLAIN.matcher(word).matches() && !word.equalsIgnoreCase("null");
        return plain ? word : '"' + new String(JsonStringEncoder.getInstance().quoteAsString(word)) + '"';
    }

    private static @Nullable NodeTuple tuple(@Nullable Node node, String key) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                if (((ScalarNode) entry.getKeyNode()).getValue().equals(key)) {
                    return entry;
                }
            }
        }
        return null;
    }

    private static @Nullable Node value(@Nullable Node node, String key) {
        NodeTuple entry = tuple(node, key);
        return entry == null ? null : entry.getValueNode();
    }

    /** Where a node's last word ends: the end of a block itself is where the next thing begins. */
    private int lastEnd(Node node) {
        if (node instanceof CollectionNode<?> many
                && many.getFlowStyle() == FlowStyle.BLOCK
                && !many.getValue().isEmpty()) {
            int last = many.getValue().size() - 1;
            return lastEnd(
                    node instanceof MappingNode mapping
                            ? mapping.getValue().get(last).getValueNode()
                            : ((SequenceNode) node).getValue().get(last));
        }
        return offset(node, false);
    }

    /** YAML counts code points. */
    private int offset(Node node, boolean start) {
        return text.offsetByCodePoints(0, (start ? node.getStartMark() : node.getEndMark()).getIndex());
    }

    private int lineStart(int offset) {
        return text.lastIndexOf('\n', offset - 1) + 1;
    }

    private int lineEnd(int offset) {
        int end = text.indexOf('\n', offset);
        return end < 0 ? text.length() : end + 1;
    }

    private String replaced(int start, int end, String by) {
        return text.substring(0, start) + by + text.substring(end);
    }

    private String withNewline(String before) {
        return before.isEmpty() || before.endsWith("\n") ? before : before + newline;
    }
}
