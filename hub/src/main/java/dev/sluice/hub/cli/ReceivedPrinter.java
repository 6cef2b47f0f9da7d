package dev.sluice.hub.cli;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes frames, and acknowledges them when they are written. */
final class ReceivedPrinter implements FramePump.Printer<Received> {

    /** Acknowledged at the latest after so many: the hub gives no more than 256 without. */
    private static final int MOST_UNACKED = 64;

    private final OutputStream out;
    private final boolean raw;
    private final boolean json;
    private final List<Delivery<Frame>> written = new ArrayList<>();

    ReceivedPrinter(OutputStream out, boolean raw, boolean json) {
        this.out = out;
        this.raw = raw;
        this.json = json;
    }

    /** Whoever read what is printed has gone. */
    static final class NobodyReadsException extends IOException {
        private static final long serialVersionUID = 1L;

        NobodyReadsException(IOException cause) {
            super(cause);
        }
    }

    @Override
    public void print(Received received) throws IOException {
        try {
            if (json) {
                out.write(json(received).getBytes(StandardCharsets.UTF_8));
            } else {
                received.frame().writeTo(out);
            }
            if (!raw) {
                out.write('\n');
            }
        } catch (IOException broken) {
            throw notWritten(broken);
        }
        if (received.delivery() != null) {
            written.add(received.delivery());
            if (written.size() >= MOST_UNACKED) {
                pause();
            }
        }
    }

    @Override
    public void pause() throws IOException {
        try {
            out.flush();
        } catch (IOException broken) {
            throw notWritten(broken);
        }
        written.forEach(Delivery::ack);
        written.clear();
    }

    static IOException notWritten(IOException broken) {
        return String.valueOf(broken.getMessage()).contains("Broken pipe") ? new NobodyReadsException(broken) : broken;
    }

    private static String json(Received received) {
        Map<String, Object> line = new LinkedHashMap<>();
        if (received.offset() >= 0) {
            line.put("offset", received.offset());
        }
        Delivery<Frame> delivery = received.delivery();
        if (delivery != null) {
            line.put("redelivered", delivery.redelivered());
        }
        putBytes(line, received.frame());
        return Json.line(line);
    }

    /** Puts bytes as text, or as base64 when they are none. */
    static void putBytes(Map<String, Object> line, Frame frame) {
        String text = textOf(frame);
        if (text == null) {
            line.put("base64", Base64.getEncoder().encodeToString(frame.toByteArray()));
        } else {
            line.put("text", text);
        }
    }

    /** Bytes as they may stand in a message. */
    static String shown(Frame frame) {
        String text = textOf(frame);
        return text == null ? frame.toString() : text;
    }

    private static @Nullable String textOf(Frame frame) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(frame.asByteBuffer())
                    .toString();
        } catch (CharacterCodingException binary) {
            return null;
        }
    }
}
