package dev.sluice.rsocket.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a record from its description in the words of the vectors: the reverse of {@link Recorder}. */
final class Meaning {

    private Meaning() {}

    static void write(ByteBuf out, JsonNode record) {
        String type = record.get("type").textValue();
        switch (type) {
            case "HELLO" -> RecordWriter.hello(out, hello(record));
            case "CALL" -> writeCall(out, record);
            case "OPEN" ->
                RecordWriter.open(
                        out,
                        id(record),
                        number(record, "parent"),
                        record.get("nest").booleanValue(),
                        frame(record, "header"));
            case "GRANT" -> RecordWriter.grant(out, id(record), number(record, "items"), number(record, "bytes"));
            case "DATA" -> RecordWriter.data(out, id(record), frame(record, "bytes"));
            case "FIRST" -> {
                Frame chunk = frame(record, "bytes");
                RecordWriter.first(out, id(record), whole(chunk, number(record, "total")), chunk.size());
            }
            case "MORE" -> {
                Frame chunk = frame(record, "bytes");
                RecordWriter.more(out, id(record), behind(3, chunk), 3, chunk.size());
            }
            case "ACK" -> RecordWriter.ack(out, id(record), number(record, "first"), number(record, "count"));
            case "NACK" -> RecordWriter.nack(out, id(record), number(record, "first"), number(record, "count"));
            case "END" -> RecordWriter.end(out, id(record));
            case "FAIL" -> RecordWriter.fail(out, id(record), code(record), text(record, "text"));
            case "CANCEL" -> RecordWriter.cancel(out, id(record));
            case "GOAWAY" -> RecordWriter.goAway(out, code(record), text(record, "text"));
            default -> throw new AssertionError("a record that nobody can write: " + type);
        }
    }

    private static Hello hello(JsonNode record) {
        return new Hello(
                number(record, "version"),
                number(record, "features"),
                number(record, "largestFrame"),
                number(record, "sessionWindow"),
                number(record, "streamWindow"),
                number(record, "mostStreams"),
                number(record, "depth"),
                frame(record, "publisher"),
                text(record, "node"));
    }

    private static void writeCall(ByteBuf out, JsonNode record) {
        Map<String, String> tags = new LinkedHashMap<>();
        record.get("tags")
                .forEach(pair -> tags.put(pair.get(0).textValue(), pair.get(1).textValue()));
        byte[] head = RecordWriter.callHead(text(record, "service"), number(record, "firstItems"), tags);
        Frame begin = frame(record, "bytes");
        RecordWriter.call(
                out,
                id(record),
                record.get("uplink").booleanValue(),
                head,
                whole(begin, number(record, "total")),
                begin.size());
    }

    /** What begins with the bytes and goes on with zeros. */
    private static Frame whole(Frame begin, long total) {
        byte[] whole = new byte[(int) total];
        begin.copyTo(whole, 0);
        return Frame.wrap(whole);
    }

    private static Frame behind(int offset, Frame chunk) {
        byte[] whole = new byte[offset + chunk.size() + 1];
        chunk.copyTo(whole, offset);
        return Frame.wrap(whole);
    }

    private static long id(JsonNode record) {
        return number(record, "id");
    }

    private static Code code(JsonNode record) {
        return Code.valueOf(text(record, "code"));
    }

    private static long number(JsonNode record, String name) {
        return Long.parseLong(text(record, name));
    }

    private static String text(JsonNode record, String name) {
        return record.get(name).textValue();
    }

    private static Frame frame(JsonNode record, String name) {
        return Frame.wrap(ByteBufUtil.decodeHexDump(text(record, name)));
    }
}
