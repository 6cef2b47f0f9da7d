package dev.sluice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Objects;

/**
 * JSON codecs over Jackson. Needs {@code com.fasterxml.jackson.core:jackson-databind}, an optional dependency of
 * Sluice; everything else in this package works without it.
 */
public final class JsonCodecs {

    private JsonCodecs() {}

    /**
     * Objects of a class, by the shared mapper {@link Codecs#json(Class)} describes.
     *
     * @param type what the JSON stands for
     * @param <T> that type
     * @return a codec
     */
    public static <T> Codec<Frame, T> json(Class<T> type) {
        return json(SharedMapper.INSTANCE, type);
    }

    /**
     * Objects of a generic type, such as a list of readings, by the shared mapper.
     *
     * @param type what the JSON stands for
     * @param <T> that type
     * @return a codec
     */
    public static <T> Codec<Frame, T> json(TypeReference<T> type) {
        return json(SharedMapper.INSTANCE, type);
    }

    /**
     * Objects of a class, by a mapper of your own.
     *
     * @param mapper used as it is configured; do not configure it further once it is in use
     * @param type what the JSON stands for
     * @param <T> that type
     * @return a codec
     */
    public static <T> Codec<Frame, T> json(ObjectMapper mapper, Class<T> type) {
        return new JsonCodec<>(mapper, mapper.getTypeFactory().constructType(Objects.requireNonNull(type, "type")));
    }

    /**
     * Objects of a generic type, by a mapper of your own.
     *
     * @param mapper used as it is configured; do not configure it further once it is in use
     * @param type what the JSON stands for
     * @param <T> that type
     * @return a codec
     */
    public static <T> Codec<Frame, T> json(ObjectMapper mapper, TypeReference<T> type) {
        return new JsonCodec<>(mapper, mapper.getTypeFactory().constructType(Objects.requireNonNull(type, "type")));
    }

    /** Made on first use: finding modules reads the class path. */
    private static final class SharedMapper {
        static final ObjectMapper INSTANCE = JsonMapper.builder()
                .findAndAddModules()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private record JsonCodec<T>(ObjectMapper mapper, JavaType type) implements Codec<Frame, T> {

        @Override
        public Frame encode(T value) {
            Objects.requireNonNull(value, "value");
            try {
                return Frame.wrap(mapper.writerFor(type).writeValueAsBytes(value));
            } catch (Exception refused) {
                throw new CodecException("Codec json: a " + value.getClass().getName() + " cannot be written as "
                        + type.toCanonical() + ": " + reason(refused));
            }
        }

        @Override
        public T decode(Frame wire) {
            byte[] bytes = wire.sharedBytes();
            T value;
            try {
                value = mapper.readValue(bytes, type);
            } catch (Exception refused) {
                throw new CodecException("Codec json: " + wire + " of " + wire.size() + " bytes is no "
                        + type.toCanonical() + ": " + reason(refused));
            }
            if (value == null) {
                throw new CodecException("Codec json: " + wire + " of " + wire.size()
                        + " bytes is null, which a stream cannot carry as " + type.toCanonical());
            }
            return value;
        }

        /**
         * What went wrong and where, but neither Jackson's own text nor the exception as a cause: both quote the
         * payload at any length. Only a definition error speaks of types alone.
         */
        private static String reason(Exception refused) {
            String kind = refused.getClass().getSimpleName();
            if (refused instanceof InvalidDefinitionException definition) {
                return kind + ": " + definition.getOriginalMessage();
            }
            if (refused instanceof JsonProcessingException parsing && parsing.getLocation() != null) {
                return kind + " at byte " + parsing.getLocation().getByteOffset();
            }
            return kind;
        }

        @Override
        public String toString() {
            return "json of " + type.toCanonical();
        }
    }
}
