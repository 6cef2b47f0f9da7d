package dev.sluice.hub.cli;

import dev.sluice.channel.spi.Nearest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice explain}: what an error code means, and what to do. */
@Command(
        name = "explain",
        sortOptions = false,
        description = {
            "Tells what an error code means and what to do; without CODE lists all codes.",
            "",
            "A message of sluice ends with its code. The first digit is the exit code.",
            ""
        },
        footer = {"", "Examples:", "  sluice explain SLC-501", "  sluice explain 501", "  sluice explain --json"})
final class ExplainCommand extends BaseCommand {

    private static final Pattern NUMBER = Pattern.compile("(?i)(?:SLC-?)?(\\d{3})");

    @Parameters(arity = "0..1", paramLabel = "CODE", description = "As SLC-501, or 501.")
    private @Nullable String code;

    @Option(names = "--markdown", hidden = true, description = "Print docs/errors.md.")
    private boolean markdown;

    @Override
    public Integer call() {
        if (markdown) {
            if (code != null || json()) {
                throw usage("--markdown prints the page of all codes: leave CODE and --json out");
            }
            out().print(ErrorPage.markdown());
        } else if (code != null) {
            explain(code);
        } else {
            list();
        }
        return done();
    }

    private void explain(String text) {
        ErrorCode known = ErrorCode.of(text)
                .orElseThrow(() -> new CommandFailure(
                        ErrorCode.CODE_NOT_FOUND, "there is no error \"" + text + "\"" + instead(text)));
        if (json()) {
            out().println(Json.line(ErrorPage.object(known)));
        } else {
            ErrorPage.lines(known).forEach(out()::println);
        }
    }

    private static String instead(String text) {
        Matcher number = NUMBER.matcher(text.strip());
        String meant = number.matches() ? near(Integer.parseInt(number.group(1))) : Nearest.to(text, codes());
        return (meant == null ? "" : ", did you mean " + meant + "?")
                + "; a code looks like SLC-501, and sluice explain lists them all";
    }

    private static List<String> codes() {
        return Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList();
    }

    /** Of those with the same exit code the nearest. */
    private static @Nullable String near(int number) {
        return codes().stream()
                .filter(code -> code.charAt(4) == String.valueOf(number).charAt(0))
                .min(Comparator.comparingInt(code -> Math.abs(Integer.parseInt(code.substring(4)) - number)))
                .orElse(null);
    }

    private void list() {
        if (json()) {
            Arrays.stream(ErrorCode.values()).forEach(known -> out().println(Json.line(ErrorPage.object(known))));
            return;
        }
        TextTable table = new TextTable("CODE", "EXIT", "TITLE");
        Arrays.stream(ErrorCode.values()).forEach(known -> table.row(known.code(), known.exit(), known.title()));
        table.print(out());
    }
}
