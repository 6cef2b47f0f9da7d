package dev.sluice.hub.cli;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** Asks a person for a secret without showing it. */
@FunctionalInterface
interface SecretPrompt {

    /**
     * Asks.
     *
     * @return what was typed; empty at the end of input; null when nobody sits at a terminal
     */
    char @Nullable [] ask(String question);

    /** Asks at the terminal of this process. */
    @SuppressWarnings("SystemConsoleNull") // isTerminal tells where that is no longer enough
    static SecretPrompt terminal() {
        return question -> {
            Console console = System.console();
            if (console == null || !isTerminal(console)) {
                return null;
            }
            char[] typed = console.readPassword("%s", question);
            return typed == null ? new char[0] : typed;
        };
    }

    /** Since Java 22 there is a console also where there is no terminal, and only it can tell. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
