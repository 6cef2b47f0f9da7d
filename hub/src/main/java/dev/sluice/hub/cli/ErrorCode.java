package dev.sluice.hub.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What can go wrong on the command line, each with a code that stays: {@code sluice explain} and {@code docs/errors.md} are made from this list. The
 * first digit of a code is the exit code.
 */
enum ErrorCode {
    INTERNAL(
            100,
            "Unexpected failure",
            "Something failed that nobody has thought of.",
            "Set SLUICE_TRACE=1 to see where, and report it with what you did."),
    REMOTE(
            101,
            "The hub failed",
            "The hub, or the service it passed the call to, answered with an error of its own. The message is theirs.",
            "Do what the message says; the hub's log may tell more."),
    CLOSED(
            102,
            "The channel is closed",
            "The channel was closed, removed, or went because it was idle. A closed one takes nothing more; who receives gets what is left in it.",
            "Repeat the command: one that is gone is made anew. One that is closed stays until `sluice rm NAME` makes its name free."),
    FULL(
            103,
            "The channel is full",
            "There was no room in the channel, and the send was not to wait for any.",
            "Start a receiver, enlarge the channel with `sluice resize NAME N`, or send in a way that waits, as `sluice send` does."),
    EXISTS(
            104,
            "The name is taken",
            "There is a channel, a service or a saved context of that name already, perhaps with other options. A closed channel keeps its name.",
            "Use it as it is, or remove it first. A channel takes another capacity with `sluice resize NAME N`, other options once it is gone with `sluice rm NAME`."),
    LEASE_HELD(
            105,
            "Somebody else has the lease",
            "The channel is leased: the message names the holder.",
            "Wait for it with `sluice lock --wait TIME`, or ask the holder to finish. `sluice services` lists all leases."),
    LEASE_LOST(
            106,
            "The lease has ended",
            "The lease ended before its holder was done: its time ran out, the connection was lost, or the channel was closed. Nothing more of the"
                    + " holder enters the channel.",
            "Take a new lease. A longer --ttl survives longer pauses of the holder."),
    LIMIT(
            107,
            "A limit of the hub",
            "The hub holds as much as it may, or was asked for more than it gives at a time.",
            "Do what the message says, or raise the limit it names."),
    TIMED_OUT(
            108,
            "Not in time",
            "What was waited for did not happen within the time that was given.",
            "Give it more time, with --timeout or --wait, or find out with `sluice stats NAME` what it waits for."),
    IO(
            109,
            "Cannot read or write",
            "A file, standard input or standard output could not be read or written.",
            "Check the file that the message names, its rights, and the space on its disk."),
    CONFIGURATION(
            110,
            "The configuration cannot be used",
            "A setting, or an entry of a file of settings or users, is unknown, out of bounds, or contradicts another one. The message says which, and"
                    + " where it is.",
            "Correct it. `sluice config` shows which settings are in force, and where each comes from."),
    BIND(
            111,
            "Cannot listen",
            "The address is in use by another program, is none of this machine, or is one this user may not listen at.",
            "Stop the other program, or choose another address with --tcp, --ws or --ninep, as the message tells; port 0 takes a free one, none does without."),
    SHED(
            112,
            "Too slow",
            "The listener, or the group, leaves those behind who read too slowly, and this one did.",
            "Read faster, or receive in a group that holds its senders up instead; those that the command line makes do."),
    UNKNOWN_OUTCOME(
            113,
            "Nobody knows whether it was done",
            "The connection was lost, and the hub that came back does not know what became of what it had been sent: it was started anew.",
            "Look with `sluice stats NAME`, then repeat it if need be. `send --retry` repeats by itself: then frames may come twice, and none is lost."),
    NO_COMMAND(
            114,
            "The command cannot be started",
            "The program after -- does not exist or may not be run.",
            "Check its name and its rights."),
    UNHEALTHY(
            115,
            "A check failed",
            "The hub answers, and what was checked is not as it should be.",
            "The lines marked CRITICAL say what; `sluice top` shows more."),
    TOO_LARGE(
            116,
            "A frame is too long",
            "Frames have at most 16 MiB.",
            "Send it in pieces: `sluice send NAME --raw --frame-size 64KiB`."),
    PROTOCOL(
            117,
            "The other side breaks the protocol",
            "What answers at this address is no Sluice hub, or one of another version.",
            "Check the address, and that it is not the port of something else; `sluice --version` tells the version here."),
    SOURCE_FAILED(
            118,
            "A source failed",
            "One of the sources that the service answered with ended with an error. The others were printed to their end.",
            "The message is the service's own: do what it says."),
    REFUSED(
            119,
            "It was not done",
            "What the command was to do could not be done as it was asked for. The message says why.",
            "Do what the message says, and repeat the command."),
    NOT_TEXT(
            120,
            "The bytes are not what they should be",
            "Bytes could not be read as the text or value they were taken for, or a text has characters that UTF-8 cannot express.",
            "Send and receive bytes as they are with --raw; check the encoding of the terminal and of files: UTF-8."),
    SECRET(
            121,
            "The secret cannot be used",
            "The secret is too short or too long, is no text, was typed in two ways, or none was given.",
            "Do what the message says; `sluice passwd NAME --users FILE --generate` makes up a good one."),
    GROUP_EXPIRED(
            122,
            "The group was given up",
            "Nobody in the group could be reached for longer than its expiry, so its destination gave it up, with what waited for it.",
            "Repeat `receive`: it receives what comes from now on; after `send`, send again what the group still needs. A group whose first member joins with a longer --expiry stays longer."),
    USAGE(
            201,
            "Wrong usage",
            "The command has no such option or argument, a value is out of its bounds, or what was given does not go together.",
            "The message says what is wrong; `sluice COMMAND --help` prints how the command is used."),
    NAME(
            202,
            "The name breaks a rule",
            "Names are paths such as plant/7/valve: segments between single slashes, none empty, none `.`, `..` or `*`, no control characters, at most"
                    + " 255 bytes a segment and 1,024 in all.",
            "Correct it: the message says which rule the name breaks."),
    REQUEST(
            203,
            "The hub does not understand the request",
            "A value that only the hub can judge is out of its bounds, or the hub is of another version.",
            "Correct the value, which the message names. `sluice --version` tells the version here."),
    CHANNEL_NOT_FOUND(
            301,
            "No such channel",
            "There is no channel of that name at the hub.",
            "`sluice ls` lists the names. `sluice create NAME` makes one, and so does the first `send` or `receive`."),
    SERVICE_NOT_FOUND(
            302,
            "No such service",
            "The hub has no service of that name, or not any more. One to be re-aimed goes a while after its last producer, one to be called with the client"
                    + " that offers it.",
            "Check the spelling. `sluice services` lists the services that can be re-aimed; the hub itself offers `echo` to be called."),
    CONTEXT_NOT_FOUND(
            303,
            "No such context",
            "No context of that name is saved for this user.",
            "`sluice context ls` lists them, `sluice context add NAME URL` saves one."),
    USER_NOT_FOUND(
            304,
            "No such user",
            "The users file has no entry of that name.",
            "Check the spelling, and that --users names the file that is meant."),
    CODE_NOT_FOUND(305, "No such code", "There is no error of that code.", "`sluice explain` lists them all."),
    NO_INSTANCE(
            306,
            "Nobody has the service",
            "The directory has no instance of a service of that name: no hub that registers there has it now.",
            "Check the spelling. `sluice nodes` lists the hubs there are and what each of them has."),
    DENIED(
            401,
            "Not allowed",
            "The hub does not know you, or you may not do that. It does not say whether what you asked for exists.",
            "Show who you are with --token NAME:SECRET or $SLUICE_TOKEN, or ask the hub's keeper for the right."),
    UNREACHABLE(
            501,
            "No hub there",
            "Nothing answers at the hub's address.",
            "Start one with `sluice serve`, or say where it is with --hub, $SLUICE_HUB or `sluice context select`."),
    LOST(
            502,
            "The connection was lost",
            "The connection to the hub was lost and did not come back in time.",
            "Repeat the command. `send` and `receive` take --retry to wait for a hub that comes back."),
    LEAVING(
            503,
            "The hub takes nothing new",
            "The hub is being stopped, or is too busy to let anybody in.",
            "Repeat the command in a while. `send` and `receive` take --retry to wait for a hub that comes back."),
    DIRECTORY(
            504,
            "The directory does not answer",
            "The directory that tells which hubs there are cannot be reached, or was closed.",
            "Check the URL of --directory or $SLUICE_DIRECTORY, and that what it names runs. With --hub a hub is reached without a directory.");

    private static final int OF_EXIT = 100;

    private final int number;
    private final String title;
    private final String meaning;
    private final String remedy;

    ErrorCode(int number, String title, String meaning, String remedy) {
        this.number = number;
        this.title = title;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /** As it is printed: {@code SLC-501}. */
    String code() {
        return "SLC-" + number;
    }

    /** What the process ends with. */
    int exit() {
        return number / OF_EXIT;
    }

    String title() {
        return title;
    }

    String meaning() {
        return meaning;
    }

    String remedy() {
        return remedy;
    }

    /** The error of a code, however it is written. */
    static Optional<ErrorCode> of(String code) {
        String plain = code.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(known -> known.code().equals(plain)
                        || String.valueOf(known.number).equals(plain))
                .findFirst();
    }
}
