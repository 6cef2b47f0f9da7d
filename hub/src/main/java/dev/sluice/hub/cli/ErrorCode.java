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
            "Somebody has closed the channel: it takes nothing more, and is empty once what was in it is received.",
            "Remove it with `sluice rm NAME` to begin a new one of the same name, or use another name."),
    FULL(
            103,
            "The channel is full",
            "There was no room, and the sender was told not to wait.",
            "Leave --try or --timeout out to wait, start a receiver, or enlarge it with `sluice resize NAME N`."),
    EXISTS(
            104,
            "The channel exists",
            "There is a channel of that name already, perhaps with other options.",
            "Use it as it is, `sluice resize` it, or remove it first with `sluice rm NAME`."),
    LEASE_HELD(
            105,
            "Somebody else has the lease",
            "The channel is leased: the message names the holder.",
            "Wait longer with --wait, or ask the holder to finish. `sluice services` lists all leases."),
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
            "Give more time with --timeout, or find out with `sluice stats NAME` what it waits for."),
    IO(
            109,
            "Cannot read or write",
            "A file, standard input or standard output could not be read or written.",
            "Check the file that the message names, its rights, and the space on its disk."),
    CONFIGURATION(
            110,
            "The configuration cannot be used",
            "A setting is unknown, out of bounds, or contradicts another one. The message says which, and where it was set.",
            "Correct it; `sluice config` shows what is in force and where each value comes from."),
    BIND(
            111,
            "Cannot listen",
            "The address is in use by another program, or is none of this machine.",
            "Stop the other program, or choose another address with --tcp or --ws; port 0 takes a free one."),
    SHED(
            112,
            "Too slow",
            "The group or listener gives up elements, or its receivers, when they are slow, and this one was.",
            "Read faster, or create the group with the overflow policy backpressure."),
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
            "Check the address; `sluice --version` tells the version here."),
    SOURCE_FAILED(
            118,
            "A source failed",
            "Of the sources a service answered with, one ended with an error. The others are whole.",
            "The message is the service's own."),
    SECRET(
            119,
            "The secret cannot be used",
            "The secret is too short or too long, is no text, was typed in two ways, or none was given.",
            "Do what the message says; `sluice passwd NAME --users FILE --generate` makes up a good one."),
    USAGE(
            201,
            "Wrong usage",
            "The command has no such option or argument, or the value is out of its bounds.",
            "The usage is printed behind the message; `sluice help COMMAND` prints it too."),
    NAME(
            202,
            "The name breaks a rule",
            "Names are paths such as plant/7/valve: segments between single slashes, none empty, no control characters, at most 1,024 bytes.",
            "The message says where it breaks the rule."),
    REQUEST(
            203,
            "The hub does not understand the request",
            "A value that only the hub can judge is out of its bounds, or the hub is of another version.",
            "The message names the value."),
    CHANNEL_NOT_FOUND(
            301,
            "No such channel",
            "There is no channel of that name at the hub.",
            "`sluice ls` lists the names. `sluice create NAME` makes one, and so does the first `send` or `receive`."),
    SERVICE_NOT_FOUND(
            302,
            "No such service",
            "There is no service of that name at the hub, or not any more: it goes a while after its last producer.",
            "`sluice services` lists those to be re-aimed. A service to call is one that some client offers."),
    CONTEXT_NOT_FOUND(
            303,
            "No such context",
            "No context of that name is saved for this user.",
            "`sluice context ls` lists them, `sluice context add NAME URL` saves one."),
    USER_NOT_FOUND(
            304, "No such user", "The users file has no entry of that name.", "Check the spelling and the file."),
    CODE_NOT_FOUND(305, "No such code", "There is no error code of that name.", "`sluice explain` lists them all."),
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
            "The hub is going away",
            "The hub is being stopped and takes nothing new.",
            "Repeat the command when it is back. `send` and `receive` take --retry to wait for that.");

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
