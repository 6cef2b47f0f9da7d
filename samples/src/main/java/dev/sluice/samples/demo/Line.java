package dev.sluice.samples.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A line to the hub that can be cut: both ends see their connection reset, as when a process is killed, and nothing gets
 * through any more. Thread safe.
 */
final class Line {

    private final int hub;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** Lays a line to the hub at a port. */
    Line(int hub) {
        this.hub = hub;
        try {
            this.listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException noPort) {
            throw new UncheckedIOException("no port for the updater's line to the hub", noPort);
        }
        start("line", this::accept);
    }

    /** Where the line begins. */
    int port() {
        return listening.getLocalPort();
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listening.accept();
                open.add(near);
                Socket far = new Socket(InetAddress.getLoopbackAddress(), hub);
                open.add(far);
                far.setTcpNoDelay(true);
                near.setTcpNoDelay(true);
                start("line-there", () -> carry(near, far));
                start("line-back", () -> carry(far, near));
                if (listening.isClosed()) {
                    reset();
                }
            }
        } catch (IOException cut) {
            reset();
        }
    }

    private void carry(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException cut) {
            // Both ends see it for themselves.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    /** Cuts it, for good. Idempotent. */
    void cut() {
        try {
            listening.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        reset();
    }

    private void reset() {
        for (Socket socket : open) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException closed) {
                // Then it needs no cutting.
            }
        }
    }
}
