package dev.sluice.rsocket.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Stands between a client and a server, and cuts their connections: at once, or in the middle of whatever passes after so many bytes. */
final class CutProxy implements AutoCloseable {

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    private volatile Allowance allowance = new Allowance(Long.MAX_VALUE);

    private volatile boolean refusing;
    /** Bytes that still pass before the connections that share it are cut. */
    private static final class Allowance {
        private long left;

        Allowance(long bytes) {
            left = bytes;
        }

        synchronized int take(int bytes) {
            int passing = (int) Math.min(left, bytes);
            left -= passing;
            return passing;
        }
    }

    CutProxy(int target) {
        this.target = target;
        try {
            this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Connections that were made so far. */
    int connections() {
        return connections.get();
    }

    /** Cuts all connections. */
    void cut() {
        sockets.forEach(CutProxy::closeQuietly);
        sockets.clear();
    }

    /** Cuts the connection made next after so many bytes, both ways together; those after it are left alone. */
    void cutNextAfter(long bytes) {
        allowance = new Allowance(bytes);
    }

    /** Cuts, and takes no new connection until told otherwise. */
    void refuse(boolean on) {
        refusing = on;
        if (on) {
            cut();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                join(listening.accept());
            } catch (IOException one) {
                // One that could not be joined; its client tries again.
            }
        }
        cut();
    }

    private void join(Socket client) throws IOException {
        if (refusing) {
            closeQuietly(client);
            return;
        }
        connections.incrementAndGet();
        Socket server = new Socket();
        sockets.add(client);
        sockets.add(server);
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
        } catch (IOException unreachable) {
            closeQuietly(client);
            throw unreachable;
        }
        Allowance its = allowance;
        allowance = new Allowance(Long.MAX_VALUE);
        start(() -> pass(client, server, its));
        start(() -> pass(server, client, its));
    }

    private void pass(Socket from, Socket to, Allowance allowed) {
        byte[] buffer = new byte[4_096];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                int passing = allowed.take(read);
                out.write(buffer, 0, passing);
                if (passing < read) {
                    return;
                }
            }
        } catch (IOException cut) {
            // As it should be.
        } finally {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        } catch (IOException closed) {
            // It is.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException closed) {
            // It is.
        }
        cut();
    }
}
