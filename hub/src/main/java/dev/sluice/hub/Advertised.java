package dev.sluice.hub;

import dev.sluice.ConfigurationException;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Scheme;
import dev.sluice.hub.HubOptions.Listen;
import dev.sluice.hub.config.Endpoint;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where others reach a hub.
 *
 * @param main the endpoint that clients of the directory connect to, as it listens
 * @param host of it, to others
 * @param port of it, to others; 0 for the one it listens on
 */
record Advertised(Listen main, String host, int port) {

    /**
     * What the options say.
     *
     * @param ofThisMachine an address of the machine that is not loopback
     * @throws ConfigurationException when the hub listens on all addresses, and none for others is known
     */
    static Advertised of(HubOptions options, Supplier<Optional<String>> ofThisMachine) {
        Listen main = Objects.requireNonNull(options.tcp() == null ? options.webSocket() : options.tcp());
        Listen given = options.advertise();
        if (given != null) {
            return new Advertised(main, given.host(), given.port());
        }
        if (!Endpoint.isWildcard(main.host())) {
            return new Advertised(main, main.host(), 0);
        }
        String host = ofThisMachine
                .get()
                .orElseThrow(() -> new ConfigurationException("advertise: the hub listens on " + main.host()
                        + ", all addresses of this machine, and none of them but loopback is known: say with advertise"
                        + " under which HOST or HOST:PORT others reach it"));
        return new Advertised(main, host, 0);
    }

    /**
     * The hub as an instance of a service, once it listens.
     *
     * @param endpoints where it listens, that for clients first
     * @param files where channels are files
     */
    Instance instance(HubOptions options, List<URI> endpoints, @Nullable URI files, String version) {
        Map<String, String> metadata = new HashMap<>();
        metadata.put("version", version);
        Listen webSocket = options.webSocket();
        for (URI endpoint : endpoints) {
            String kind = endpoint.getScheme().replaceFirst("(?<=^(ws|http))s$", "");
            if (webSocket != null && (kind.equals("ws") || kind.equals("http"))) {
                metadata.put(kind, text(endpoint, webSocket));
            }
        }
        Listen ninep = options.ninep();
        if (files != null && ninep != null) {
            metadata.put("9p", text(files, ninep));
        }
        if (options.tcp() == null) {
            metadata.put(Instance.PATH, Hub.WEB_SOCKET_PATH);
        }
        boolean secure = options.tls() != null;
        Scheme scheme =
                options.tcp() != null ? secure ? Scheme.RSOCKETS : Scheme.RSOCKET : secure ? Scheme.WSS : Scheme.WS;
        int at = port == 0 ? endpoints.get(0).getPort() : port;
        return new Instance(host + ":" + at, scheme, host, at, 1, metadata);
    }

    private String text(URI endpoint, Listen listens) {
        String to = listens.host().equals(main.host()) || Endpoint.isWildcard(listens.host()) ? host : listens.host();
        int at = listens.equals(main) && port != 0 ? port : endpoint.getPort();
        return endpoint.getScheme() + "://" + (to.contains(":") ? "[" + to + "]" : to) + ":" + at + endpoint.getPath();
    }

    /** An address of this machine at which others may reach it, of version 4 if there is one. May block. */
    static Optional<String> ofThisMachine() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(Advertised::isUp)
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress()
                            && !address.isLinkLocalAddress()
                            && !address.isAnyLocalAddress()
                            && !address.isMulticastAddress())
                    .min(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                    .map(InetAddress::getHostAddress)
                    .map(host -> host.replaceFirst("%.*", ""));
        } catch (SocketException unknown) {
            return Optional.empty();
        }
    }

    private static boolean isUp(NetworkInterface each) {
        try {
            return each.isUp();
        } catch (SocketException unknown) {
            return false;
        }
    }
}
