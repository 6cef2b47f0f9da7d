package dev.sluice.hub.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a hub listens.
 *
 * @param host an address, without brackets, or a name
 * @param port 0 for a free one
 */
public record Endpoint(String host, int port) {

    private static final String FORMS =
            "HOST:PORT as 127.0.0.1:7878, :PORT for loopback, [::1]:PORT for IPv6, or none; ports from 0 (a free one) to 65535";

    private static final String LOOPBACK = "127.0.0.1";

    private static final Pattern FORM = Pattern.compile("(?:\\[([^\\[\\]]+)]|([^:\\[\\]]*)):(\\d{1,5})");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})");

    /**
     * Reads an endpoint. Looks up no names.
     *
     * @param text {@code HOST:PORT}, {@code :PORT} or {@code [IPV6]:PORT}
     * @return the endpoint
     * @throws IllegalArgumentException with the forms, when it is none of them
     */
    public static Endpoint parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || Integer.parseInt(form.group(3)) > 65_535) {
            throw Values.bad(FORMS, text);
        }
        @Nullable String bracketed = form.group(1);
        String host = bracketed != null ? bracketed : form.group(2);
        if (bracketed != null ? !NetUtil.isValidIpV6Address(host) : !isNameOrEmpty(host)) {
            throw Values.bad(FORMS, text);
        }
        return new Endpoint(host.isEmpty() ? LOOPBACK : host, Integer.parseInt(form.group(3)));
    }

    /** Digits and dots that are no address would be looked up as a name, and not be found. */
    private static boolean isNameOrEmpty(String host) {
        if (host.isEmpty() || NetUtil.isValidIpV4Address(host)) {
            return true;
        }
        return NAME.matcher(host).matches() && !host.matches("[0-9.]+");
    }

    /**
     * Whether only this machine reaches it. A name other than {@code localhost} counts as one that others reach: what it
     * leads to can change.
     *
     * @return true for 127.0.0.0/8, ::1 and localhost
     */
    public boolean isLoopback() {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address == null) {
            return host.toLowerCase(Locale.ROOT).equals("localhost");
        }
        try {
            return InetAddress.getByAddress(address).isLoopbackAddress();
        } catch (UnknownHostException notFourOrSixteenBytes) {
            return false;
        }
    }

    /** Whether it is all addresses of the machine, and so none at which others find it. */
    public boolean isWildcard() {
        return isWildcard(host);
    }

    /** Whether a host is all addresses of the machine. Looks up no names. */
    public static boolean isWildcard(String host) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address == null) {
            return false;
        }
        int bits = 0;
        for (byte each : address) {
            bits |= each;
        }
        return bits == 0;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
