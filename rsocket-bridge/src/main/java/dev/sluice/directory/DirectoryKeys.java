package dev.sluice.directory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where things stand in a {@link Keyspace}; {@code docs/pipes.md} has the table. In a segment, {@code /}, {@code %} and control characters are written
 * as {@code %2F}, so that a name with slashes is one segment.
 */
public final class DirectoryKeys {

    static final String SERVICES = "services/";
    static final String DESTINATIONS = "destinations/";
    private static final String INSTANCES = "/instances/";
    private static final String GROUPS = "/groups/";
    private static final String MEMBERS = "/members/";

    private DirectoryKeys() {}

    static String services(String service) {
        return SERVICES + escape(service) + "/";
    }

    static String service(String service, String id) {
        return services(service) + escape(id);
    }

    static String instances(String destination) {
        return DESTINATIONS + escape(destination) + INSTANCES;
    }

    static String instance(String destination, String id) {
        return instances(destination) + escape(id);
    }

    /** There while one instance has the destination to itself. */
    static String exclusive(String destination) {
        return DESTINATIONS + escape(destination) + "/exclusive";
    }

    static String groups(String destination) {
        return DESTINATIONS + escape(destination) + GROUPS;
    }

    static String group(String destination, String group) {
        return groups(destination) + escape(group);
    }

    static String member(String destination, String group, String id) {
        return group(destination, group) + MEMBERS + escape(id);
    }

    /** The segments behind a prefix, as they were before they were written into a key. */
    static List<String> behind(String prefix, String key) {
        List<String> segments = new ArrayList<>();
        for (String segment : key.substring(prefix.length()).split("/", -1)) {
            segments.add(unescape(segment));
        }
        return segments;
    }

    /** Whether segments behind {@link #groups} name a group or a member, not something that was put there by hand. */
    static boolean isOfGroup(List<String> path) {
        boolean shaped = path.size() == 1 || (path.size() == 3 && "members".equals(path.get(1)));
        return shaped && Checks.isName(path.get(0)) && Checks.isName(path.get(path.size() - 1));
    }

    /** A name as a segment of a key. */
    public static String escape(String name) {
        StringBuilder escaped = new StringBuilder(name.length());
        name.codePoints().forEach(c -> {
            if (c < ' ' || c == '/' || c == '%' || c == 0x7f) {
                escaped.append(String.format(Locale.ROOT, "%%%02X", c));
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }

    /** The name that a segment was made of; what is no escape stays as it is. */
    public static String unescape(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        byte[] in = segment.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
            if (low < 0) {
                out[length++] = in[i];
            } else {
                out[length++] = (byte) (high << 4 | low);
                i += 2;
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }
}
