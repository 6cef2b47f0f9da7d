package dev.sluice.hub.cli;

import dev.sluice.hub.Version;
import picocli.CommandLine.IVersionProvider;

/** The version this command line was built as, and the Java it runs on. */
final class VersionLines implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "sluice " + Version.current(), "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name")
        };
    }
}
