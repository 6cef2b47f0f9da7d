package dev.sluice.hub.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version this hub was built as, and the Java it runs on. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties built = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("version.properties")) {
            if (file != null) {
                built.load(file);
            }
        }
        return new String[] {
            "sluice " + built.getProperty("version", "(unknown version)"),
            "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name")
        };
    }
}
