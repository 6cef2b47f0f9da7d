package dev.sluice.hub.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.hub.users.Grant;
import dev.sluice.hub.users.SecretHash;
import dev.sluice.hub.users.Users;
import dev.sluice.hub.users.UsersFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code sluice passwd}: writes entries of the file that {@code sluice serve --users} reads. */
@Command(
        name = "passwd",
        description = {
            "Adds a user to a hub's users file, or gives one another secret.",
            "",
            "At a terminal it asks for the secret twice, without showing it; otherwise, or with --stdin, the secret is the"
                    + " first line of standard input. The file holds only a hash of it. A file that does not exist is"
                    + " created, readable by its owner alone. The entries of other users stay as they are.",
            ""
        },
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the file was written",
            "1:it was not: it cannot be read or written, or the secret is no good",
            "2:wrong usage",
            "3:there is no such user to remove"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  A user who may send to and receive from all below plant:",
            "    sluice passwd ann --users users.yaml --may 'send,receive@plant/*'",
            "  A robot with a secret nobody has to think of, in a file:",
            "    sluice passwd robot --users users.yaml --generate > robot.secret",
            "  Another secret for ann, who may do what she might before:",
            "    sluice passwd ann --users users.yaml",
            "  The same without a terminal:",
            "    printf '%%s\\n' \"$$SECRET\" | sluice passwd ann --users users.yaml --stdin",
            "  No more ann:",
            "    sluice passwd ann --users users.yaml --remove",
            "",
            "The user then shows name and secret with --token NAME:SECRET. A hub reads the file when it starts."
        })
final class PasswdCommand extends BaseCommand {

    private static final int GENERATED_BYTES = 32;
    /** More than any secret has bytes: enough to say that it is too long. */
    private static final int LONGEST_LINE = 8192;

    private final SecretPrompt prompt;
    private final Function<String, SecretHash> hash;

    @Parameters(paramLabel = "NAME", description = "The user: any text without a colon.")
    private String name;

    @Option(names = "--users", paramLabel = "FILE", required = true, description = "The users file.")
    private Path file;

    @Option(
            names = "--may",
            paramLabel = "VERBS@PREFIX",
            converter = GrantReader.class,
            description = {
                "What the user may do, as often as needed, instead of what it might before.",
                "Verbs, with commas between: send, receive, listen, call, admin; or all.",
                "Prefixes: plant for plant and all below it, plant/* for all below it, * for all names."
            })
    private @Nullable List<Grant> may;

    @Option(names = "--generate", description = "Makes up a secret of 256 bits and prints it, this once.")
    private boolean generate;

    @Option(names = "--stdin", description = "Reads the secret from standard input, also at a terminal.")
    private boolean stdin;

    @Option(names = "--remove", description = "Removes the user.")
    private boolean remove;

    PasswdCommand() {
        this(SecretPrompt.terminal(), SecretHash::of);
    }

    PasswdCommand(SecretPrompt prompt, Function<String, SecretHash> hash) {
        this.prompt = prompt;
        this.hash = hash;
    }

    /** Changes the file. */
    @Override
    public Integer call() {
        checkUsage();
        // A file that is no good is found before anybody is asked for a secret, and read again after: it may have
        // changed meanwhile.
        UsersFile before = UsersFile.read(file);
        if (remove) {
            return remove(before);
        }
        String secret = generate ? generated() : asked();
        SecretHash hashed = hashed(secret);
        UsersFile now = UsersFile.read(file);
        boolean isNew = !now.names().contains(name);
        UsersFile changed = now.put(name, hashed, may);
        changed.write();
        report(isNew ? "added" : "changed", changed, generate ? secret : null);
        if (changed.may(name).isEmpty()) {
            hint(name + " may nothing yet: give rights with --may, as --may 'send,receive@plant/*'");
        }
        return done();
    }

    private void checkUsage() {
        try {
            Users.requireName(name);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
        if (remove && (may != null || generate || stdin)) {
            throw usage("--remove goes with none of --may, --generate and --stdin: leave them out");
        }
        if (generate && stdin) {
            throw usage("--generate makes up the secret that --stdin would read: leave one out");
        }
    }

    private int remove(UsersFile before) {
        if (!before.names().contains(name)) {
            throw new CommandFailure(
                    ErrorCode.USER_NOT_FOUND, file + ": has no user \"" + name + "\"; nothing was changed");
        }
        UsersFile changed = before.remove(name);
        changed.write();
        report("removed", changed, null);
        if (changed.names().isEmpty()) {
            hint("no user is left: a hub refuses to start with this file");
        }
        return done();
    }

    private SecretHash hashed(String secret) {
        try {
            return hash.apply(secret);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ErrorCode.SECRET, e.getMessage() + "; nothing was changed", e);
        }
    }

    private static String generated() {
        byte[] random = new byte[GENERATED_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private String asked() {
        char[] typed = stdin ? null : prompt.ask("Secret for " + name + ": ");
        if (typed == null) {
            return read(System.in);
        }
        char[] again = prompt.ask("Again: ");
        try {
            if (!Arrays.equals(typed, again)) {
                throw new CommandFailure(ErrorCode.SECRET, "the two secrets are not the same; nothing was changed");
            }
            return new String(typed);
        } finally {
            Arrays.fill(typed, ' ');
            if (again != null) {
                Arrays.fill(again, ' ');
            }
        }
    }

    /** Reads the first line. */
    private static String read(InputStream in) {
        ByteBuffer line = ByteBuffer.allocate(LONGEST_LINE);
        try {
            int next = in.read();
            if (next < 0) {
                throw new CommandFailure(
                        ErrorCode.SECRET, "there is no secret: standard input is empty; nothing was changed");
            }
            while (next >= 0 && next != '\n' && line.hasRemaining()) {
                line.put((byte) next);
                next = in.read();
            }
            if (!line.hasRemaining()) {
                throw new CommandFailure(
                        ErrorCode.SECRET,
                        "the first line of standard input is too long for a secret; nothing was changed");
            }
            String secret =
                    StandardCharsets.UTF_8.newDecoder().decode(line.flip()).toString();
            return secret.endsWith("\r") ? secret.substring(0, secret.length() - 1) : secret;
        } catch (CharacterCodingException e) {
            throw new CommandFailure(
                    ErrorCode.SECRET, "the secret on standard input is not UTF-8 text; nothing was changed", e);
        } catch (IOException e) {
            throw new CommandFailure(
                    ErrorCode.SECRET, "standard input cannot be read: " + e.getMessage() + "; nothing was changed", e);
        }
    }

    private void report(String action, UsersFile changed, @Nullable String secret) {
        var out = out();
        if (json()) {
            out.println(object(action, changed, secret));
        } else if (secret != null) {
            // Alone on standard output, for $(sluice passwd ...).
            out.println(secret);
            err().println(action + " " + name + " in " + file);
        } else {
            out.println(action + " " + name + " in " + file);
        }
        out.flush();
        if (changed.isReadByOthers()) {
            hint("others than its owner can read " + file + ": chmod 600 " + file);
        }
    }

    private ObjectNode object(String action, UsersFile changed, @Nullable String secret) {
        ObjectNode object = new ObjectMapper().createObjectNode();
        object.put("user", name).put("action", action).put("file", file.toString());
        if (!remove) {
            ArrayNode grants = object.putArray("may");
            for (Grant grant : changed.may(name)) {
                ArrayNode verbs =
                        grants.addObject().put("prefix", grant.prefix()).putArray("verbs");
                grant.words().forEach(verbs::add);
            }
        }
        if (secret != null) {
            object.put("secret", secret);
        }
        return object;
    }

    private void hint(String text) {
        err().println("hint: " + text);
    }

    /** Makes of a bad grant a usage error. */
    static final class GrantReader implements ITypeConverter<Grant> {
        @Override
        public Grant convert(String text) {
            try {
                return Grant.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
