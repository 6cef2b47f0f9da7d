package dev.sluice.hub.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.Frame;
import dev.sluice.RemoteException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Answers as JSON: other languages read them too. Fields that a later version adds are no error here. */
final class Json {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    private Json() {}

    static Frame write(Object value) {
        try {
            return Frame.wrap(MAPPER.writeValueAsBytes(value));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static <T> T read(@Nullable Frame wire, Class<T> type) {
        if (wire == null) {
            throw new RemoteException("the hub gives no answer where one is due");
        }
        try {
            return MAPPER.readValue(wire.toByteArray(), type);
        } catch (IOException broken) {
            throw new RemoteException("the hub's answer cannot be read: " + broken.getMessage());
        }
    }
}
