package dev.sluice.etcd;

/** One place where an etcd, or one of a cluster, listens. */
record Endpoint(String host, int port) {

    static Endpoint of(String text) {
        int colon = text.endsWith("]") ? -1 : text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        int port = colon < 0 ? EtcdOptions.DEFAULT_PORT : port(text, text.substring(colon + 1));
        if (host.isEmpty() || (!bracketed && !host.matches("[A-Za-z0-9._-]+")) || !host.matches("[^\\s/\\[\\]]+")) {
            throw wrong(text);
        }
        return new Endpoint(host, port);
    }

    private static int port(String text, String digits) {
        if (digits.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw wrong(text);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("endpoint must be host, host:port or [IPv6]:port, was \"" + text + "\"");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
