package dev.sluice.hub.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/** What a command that failed says, on standard error. */
final class Complaint {

    private Complaint() {}

    /** Says it, and gives the exit code. */
    static int about(Exception failure, CommandLine command) throws Exception {
        if (failure instanceof CommandLine.ParameterException wrongUsage) {
            throw wrongUsage;
        }
        CommandFailure known = CommandFailure.of(failure);
        if ("1".equals(System.getenv("SLUICE_TRACE"))) {
            failure.printStackTrace(command.getErr());
        }
        if (command.getCommand() instanceof BaseCommand base && base.json()) {
            return asJson(known, command);
        }
        command.getErr()
                .println(command.getColorScheme()
                        .errorText("sluice: " + known.getMessage() + " ["
                                + known.code().code() + "]"));
        command.getErr().flush();
        return known.code().exit();
    }

    static int asJson(CommandFailure failure, CommandLine command) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", failure.code().code());
        error.put("title", failure.code().title());
        error.put("message", failure.getMessage());
        error.put("remedy", failure.code().remedy());
        command.getErr().println(Json.line(Map.of("error", error)));
        command.getErr().flush();
        return failure.code().exit();
    }
}
