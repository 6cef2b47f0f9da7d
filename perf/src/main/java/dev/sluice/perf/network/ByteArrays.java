package dev.sluice.perf.network;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Lets gRPC carry arrays of bytes: one copy each way, into and out of the transport's buffers. */
final class ByteArrays implements Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] value) {
        return new Outgoing(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
        try (stream) {
            // Incoming messages are whole when they are parsed, and say how long they are.
            byte[] bytes = new byte[stream.available()];
            if (stream.readNBytes(bytes, 0, bytes.length) != bytes.length) {
                throw new IOException("a message is shorter than it says");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes itself in one go, as the stream of a protobuf message does. */
    private static final class Outgoing extends ByteArrayInputStream implements KnownLength, Drainable {
        Outgoing(byte[] bytes) {
            super(bytes);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            return (int) transferTo(target);
        }
    }
}
