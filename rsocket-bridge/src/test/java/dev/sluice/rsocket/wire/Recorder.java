package dev.sluice.rsocket.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;

/** Notes the records of a batch in the words of the vectors, see their README. */
final class Recorder implements RecordHandler {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    final ArrayNode records = JSON.arrayNode();

    @Override
    public void hello(Hello hello) {
        ObjectNode record = record("HELLO");
        number(record, "version", hello.version());
        number(record, "features", hello.features());
        number(record, "largestFrame", hello.largestFrame());
        number(record, "sessionWindow", hello.sessionWindow());
        number(record, "streamWindow", hello.streamWindow());
        number(record, "mostStreams", hello.mostStreams());
        number(record, "depth", hello.depth());
        bytes(record, "publisher", hello.publisher().toByteArray());
        record.put("node", hello.node());
    }

    @Override
    public void call(
            long id,
            boolean uplink,
            String service,
            long firstItems,
            Map<String, String> tags,
            int total,
            byte[] body) {
        ObjectNode record = record("CALL", id);
        record.put("uplink", uplink);
        record.put("service", service);
        number(record, "firstItems", firstItems);
        ArrayNode pairs = record.putArray("tags");
        tags.forEach((key, value) -> pairs.addArray().add(key).add(value));
        number(record, "total", total);
        bytes(record, "bytes", body);
    }

    @Override
    public void open(long id, long parent, boolean nest, Frame header) {
        ObjectNode record = record("OPEN", id);
        number(record, "parent", parent);
        record.put("nest", nest);
        bytes(record, "header", header.toByteArray());
    }

    @Override
    public void grant(long id, long items, long bytes) {
        ObjectNode record = record("GRANT", id);
        number(record, "items", items);
        number(record, "bytes", bytes);
    }

    @Override
    public void data(long id, ByteBuf buffer, int length) {
        chunk(record("DATA", id), buffer, length);
    }

    @Override
    public void first(long id, int total, ByteBuf buffer, int length) {
        ObjectNode record = record("FIRST", id);
        number(record, "total", total);
        chunk(record, buffer, length);
    }

    @Override
    public void more(long id, ByteBuf buffer, int length) {
        chunk(record("MORE", id), buffer, length);
    }

    @Override
    public void ack(long id, long first, long count) {
        items(record("ACK", id), first, count);
    }

    @Override
    public void nack(long id, long first, long count) {
        items(record("NACK", id), first, count);
    }

    @Override
    public void end(long id) {
        record("END", id);
    }

    @Override
    public void fail(long id, Code code, String text) {
        record("FAIL", id).put("code", code.name()).put("text", text);
    }

    @Override
    public void cancel(long id) {
        record("CANCEL", id);
    }

    @Override
    public void goAway(Code code, String text) {
        record("GOAWAY").put("code", code.name()).put("text", text);
    }

    private ObjectNode record(String type) {
        return records.addObject().put("type", type);
    }

    private ObjectNode record(String type, long id) {
        ObjectNode record = record(type);
        number(record, "id", id);
        return record;
    }

    private static void items(ObjectNode record, long first, long count) {
        number(record, "first", first);
        number(record, "count", count);
    }

    /** Every other chunk is left unread: a handler is free to. */
    private void chunk(ObjectNode record, ByteBuf buffer, int length) {
        byte[] bytes = new byte[length];
        if (records.size() % 2 == 0) {
            buffer.readBytes(bytes);
        } else {
            buffer.getBytes(buffer.readerIndex(), bytes);
        }
        bytes(record, "bytes", bytes);
    }

    private static void number(ObjectNode record, String name, long value) {
        record.put(name, Long.toString(value));
    }

    private static void bytes(ObjectNode record, String name, byte[] bytes) {
        record.put(name, ByteBufUtil.hexDump(bytes));
    }
}
