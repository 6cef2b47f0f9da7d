package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.hub.config.Endpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code sluice mount}. */
class MountCommandTest {

    private static final MountCall.Machine LINUX = new MountCall.Machine("Linux", true, true, "");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private static MountCall.Wanted wanted(String directory, String from, String user) {
        return new MountCall.Wanted(new Endpoint("127.0.0.1", 5640), directory, from, user, "9p2000.L", 1 << 20);
    }

    private int execute(String... arguments) {
        CommandLine main = Main.commandLine();
        main.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return main.execute(arguments);
    }

    @Test
    void onLinux_theKernelMounts() {
        assertThat(MountCall.of(wanted("/n/hub", "", "ann"), LINUX).line())
                .isEqualTo(
                        "mount -t 9p -o trans=tcp,port=5640,version=9p2000.L,cache=none,msize=1048576,access=any,uname=ann"
                                + " 127.0.0.1 /n/hub");
    }

    @Test
    void whoIsNotRoot_asksSudo() {
        MountCall.Machine mine = new MountCall.Machine("Linux", false, true, "");
        assertThat(MountCall.of(wanted("/n/hub", "", "ann"), mine).line()).startsWith("sudo mount -t 9p ");
    }

    @Test
    void namesWithBlanks_areQuoted_andPartsOfTheTreeAreNamed() {
        MountCall call = MountCall.of(wanted("/n/it's mine", "plant/a b", "ann"), LINUX);
        assertThat(call.line())
                .contains("'trans=tcp,")
                .contains(",aname=plant/a b'")
                .endsWith("127.0.0.1 '/n/it'\\''s mine'");
    }

    @Test
    void kernelWithout9P_isWarnedOf() {
        MountCall.Machine cloud = new MountCall.Machine("Linux", true, false, "");
        assertThat(MountCall.of(wanted("/n", "", "ann"), cloud).warning())
                .hasValueSatisfying(note -> assertThat(note).contains("linux-image-amd64"));
        assertThat(MountCall.of(wanted("/n", "", "ann"), LINUX).warning()).isEmpty();
    }

    @Test
    void elsewhere_9pfuseDoesIt_orNothing() throws IOException {
        Files.createFile(
                folder.resolve("9pfuse"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        MountCall.Machine mac = new MountCall.Machine("Mac OS X", false, true, "/no/such:" + folder);
        MountCall.Machine bare = new MountCall.Machine("Mac OS X", false, true, "/no/such");

        assertThat(MountCall.of(wanted("/n", "plant", "ann"), mac).line())
                .isEqualTo("9pfuse -a plant 'tcp!127.0.0.1!5640' /n");
        assertThatThrownBy(() -> MountCall.of(wanted("/n", "", "ann"), bare))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("Mac OS X")
                .hasMessageContaining("plan9port");
    }

    @Test
    void mount_printsTheCommand_asJsonToo() {
        assertThat(execute("mount", "/n/hub", "--ninep", ":564", "--user", "ann"))
                .isZero();
        assertThat(out.toString()).contains("port=564,").contains("uname=ann").contains("/n/hub");

        assertThat(execute("mount", "/n/hub", "--json")).isZero();
        assertThat(out.toString()).contains("{\"command\":[");
    }

    @Test
    void whatCannotBe_isRefused() {
        assertThat(execute("mount")).isEqualTo(2);
        assertThat(execute("mount", "/n", "--ninep", "nowhere")).isEqualTo(2);
        assertThat(execute("mount", "/n", "--dialect", "9p3000")).isEqualTo(2);
        assertThat(execute("mount", "/n", "--msize", "100")).isEqualTo(2);
        assertThat(execute("mount", "/n", "--user", "a,b")).isEqualTo(2);
        assertThat(err.toString())
                .contains("HOST:PORT")
                .contains("9p2000.L, 9p2000.u, 9p2000")
                .contains("4096 to 1048600")
                .contains("comma");
    }

    @Test
    void run_needsADirectory() {
        assertThat(execute("mount", folder + "/missing", "--run")).isEqualTo(1);
        assertThat(err.toString()).contains("mkdir -p " + folder + "/missing");
    }
}
