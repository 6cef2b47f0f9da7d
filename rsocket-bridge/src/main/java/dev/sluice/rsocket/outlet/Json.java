package dev.sluice.rsocket.outlet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.Frame;
import dev.sluice.RemoteException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Outlets and switches as JSON: other languages read them too. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static Frame write(Record value) {
        try {
            return Frame.wrap(MAPPER.writeValueAsBytes(value));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static <T> T read(@Nullable Frame wire, Class<T> type) {
        if (wire == null) {
            throw new RemoteException("the other side gives no answer where one is due");
        }
        try {
            return MAPPER.readValue(wire.toByteArray(), type);
        } catch (IOException broken) {
            throw new RemoteException("the other side's answer cannot be read: " + broken.getMessage());
        }
    }
}
