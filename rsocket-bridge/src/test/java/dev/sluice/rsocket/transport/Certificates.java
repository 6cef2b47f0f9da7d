package dev.sluice.rsocket.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A self-signed certificate with its key in PEM files, made by the JDK's keytool. */
public record Certificates(Path chain, Path key) {

    public static final Certificates SERVER = make("server");
    static final Certificates CLIENT = make("client");
    static final Certificates STRANGER = make("stranger");

    private static Certificates make(String name) {
        try {
            Path directory = Files.createTempDirectory("sluice-certificates");
            Path store = directory.resolve("store.p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            name,
                            "-dname",
                            "CN=" + name,
                            "-ext",
                            "san=ip:127.0.0.1,dns:localhost",
                            "-ext",
                            "bc=ca:true",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-validity",
                            "2",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            "sluice",
                            "-keystore",
                            store.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("out").toFile())
                    .start();
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException(Files.readString(directory.resolve("out")));
            }
            KeyStore keys = KeyStore.getInstance("PKCS12");
            char[] password = "sluice".toCharArray();
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, password);
            }
            Path chain = directory.resolve("chain.pem");
            Path key = directory.resolve("key.pem");
            pem(chain, "CERTIFICATE", keys.getCertificate(name).getEncoded());
            pem(key, "PRIVATE KEY", keys.getKey(name, password).getEncoded());
            for (String file : new String[] {"chain.pem", "key.pem", "store.p12", "out"}) {
                directory.resolve(file).toFile().deleteOnExit();
            }
            return new Certificates(chain, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pem(Path file, String type, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(
                file,
                "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n",
                StandardCharsets.US_ASCII);
    }

    /** A server that shows this certificate. */
    public TlsOptions.Builder serving() {
        return TlsOptions.builder().certificate(chain, key);
    }

    /** A client that trusts this certificate. */
    public TlsOptions.Builder trusting() {
        return TlsOptions.builder().trusted(chain);
    }
}
