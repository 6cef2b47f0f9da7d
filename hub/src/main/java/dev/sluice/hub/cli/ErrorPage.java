package dev.sluice.hub.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The list of {@link ErrorCode}s as it is read: {@code docs/errors.md}, and what {@code sluice explain} prints. */
final class ErrorPage {

    private static final Map<Integer, String> EXITS = new LinkedHashMap<>();

    static {
        EXITS.put(1, "failed");
        EXITS.put(2, "wrong usage");
        EXITS.put(3, "what was asked for does not exist");
        EXITS.put(4, "not allowed");
        EXITS.put(5, "no hub there");
    }

    private ErrorPage() {}

    /** All codes, by exit code. */
    static String markdown() {
        StringBuilder page = new StringBuilder("""
                # Errors

                Every error of the command line ends with a code, as `[SLC-501]`. A code keeps its meaning in later versions, so scripts may rely \
                on it; its first digit is the exit code. With `--json` the error is an object on standard error: \
                `{"error": {"code": …, "title": …, "message": …, "remedy": …}}`.

                `sluice explain CODE` tells of one what this page tells of all; the page is printed by `sluice explain --markdown`. \
                `SLUICE_TRACE=1` in the environment prints where in the program an error comes from.
                """);
        EXITS.forEach((exit, words) -> {
            page.append("\n## Exit code ")
                    .append(exit)
                    .append(": ")
                    .append(words)
                    .append('\n');
            Arrays.stream(ErrorCode.values())
                    .filter(code -> code.exit() == exit)
                    .forEach(code -> append(page, code));
        });
        return page.toString();
    }

    private static void append(StringBuilder page, ErrorCode code) {
        page.append("\n### ")
                .append(code.code())
                .append(' ')
                .append(code.title())
                .append("\n\n");
        page.append(code.meaning()).append("\n\n").append(code.remedy()).append('\n');
    }

    /** One code, for a terminal. */
    static List<String> lines(ErrorCode code) {
        return List.of(
                code.code() + "  " + code.title(),
                "",
                code.meaning(),
                "",
                "What to do: " + code.remedy(),
                "",
                "Exit code: " + code.exit() + " (" + EXITS.get(code.exit()) + ")");
    }

    /** One code, as JSON takes it. */
    static Map<String, Object> object(ErrorCode code) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("code", code.code());
        object.put("exit", code.exit());
        object.put("title", code.title());
        object.put("meaning", code.meaning());
        object.put("remedy", code.remedy());
        return object;
    }
}
