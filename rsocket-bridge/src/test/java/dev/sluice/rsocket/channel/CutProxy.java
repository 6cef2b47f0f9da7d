package dev.sluice.rsocket.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Stands between a client and a server, and cuts their connections: at once, or in the middle of whatever passes after so many bytes; delays and fragments too. */
public final class CutProxy implements AutoCloseable {

    private final ServerSocket listening;
    private volatile int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    private volatile Allowance allowance = new Allowance(Long.MAX_VALUE);

    private volatile boolean refusing;
    private final AtomicInteger refused = new AtomicInteger();

    private volatile boolean swallowing;

    /** Null when connections are left alone. */
    private volatile @Nullable Random random;

    private volatile int longest = 1;
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
        this();
        to(target);
    }

    /** Refuses connections until it is told {@linkplain #to where} they lead. */
    public CutProxy() {
        try {
            this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        start(this::accept);
    }

    /** Where connections lead from now on. */
    public void to(int port) {
        target = port;
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Connections that were made so far. */
    int connections() {
        return connections.get();
    }

    /** Connections that were refused so far. */
    public int refused() {
        return refused.get();
    }

    /** Cuts all connections. */
    public void cut() {
        // Who connects again meanwhile stays.
        List<Socket> now = List.copyOf(sockets);
        sockets.removeAll(now);
        now.forEach(CutProxy::closeQuietly);
    }

    /** Cuts the connection made next after so many bytes, both ways together; those after it are left alone. */
    void cutNextAfter(long bytes) {
        allowance = new Allowance(bytes);
    }

    /**
     * From now on every connection is cut after a random number of bytes, and what passes is delayed and fragmented at random.
     *
     * @param most bytes a connection lives at most
     */
    void rough(Random chance, int most) {
        random = chance;
        longest = most;
        cut();
    }

    /** From now on connections are left alone. */
    void smooth() {
        random = null;
        cut();
    }

    /** Cuts, and takes no new connection until told otherwise. */
    public void refuse(boolean on) {
        refusing = on;
        if (on) {
            cut();
        }
    }

    /** What clients say is swallowed until told otherwise. */
    public void swallow(boolean on) {
        swallowing = on;
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
            refused.incrementAndGet();
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
        Random chance = random;
        Allowance its = chance == null ? allowance : new Allowance(1 + chance.nextInt(longest));
        allowance = new Allowance(Long.MAX_VALUE);
        start(() -> pass(client, server, its, true));
        start(() -> pass(server, client, its, false));
    }

    private void pass(Socket from, Socket to, Allowance allowed, boolean ofClient) {
        byte[] buffer = new byte[4_096];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (ofClient && swallowing) {
                    continue;
                }
                int passing = allowed.take(read);
                write(out, buffer, passing);
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

    private void write(OutputStream out, byte[] bytes, int count) throws IOException {
        Random chance = random;
        if (chance == null || chance.nextInt(4) != 0) {
            out.write(bytes, 0, count);
            return;
        }
        for (int at = 0; at < count; ) {
            int piece = Math.min(count - at, 1 + chance.nextInt(1_000));
            out.write(bytes, at, piece);
            at += piece;
            LockSupport.parkNanos(chance.nextInt(500_000));
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
