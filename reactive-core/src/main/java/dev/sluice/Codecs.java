package dev.sluice;

import java.util.Objects;

/**
 * The codecs that come with Sluice.
 *
 * <p>No signature here names a type of Jackson, so this class is used and inspected freely where Jackson is absent.
 * Codecs over an {@code ObjectMapper} or a {@code TypeReference} of your own are in {@link JsonCodecs}.
 */
public final class Codecs {

    private Codecs() {}

    /**
     * Text as UTF-8. Malformed bytes and half surrogate pairs are an error, never replaced in silence.
     *
     * @return the one text codec
     */
    public static Codec<Frame, String> text() {
        return TextCodec.INSTANCE;
    }

    /**
     * Frames as they are, for code that takes a codec and has nothing to convert.
     *
     * @return the one codec that does nothing
     */
    public static Codec<Frame, Frame> frames() {
        return FrameCodec.INSTANCE;
    }

    /**
     * Objects as JSON, by a Jackson mapper with its modules found on the class path. Properties the type does not know
     * are ignored, so a sender may be newer than its receiver. Anything after the value, and a bare JSON {@code null},
     * is an error.
     *
     * @param type what the JSON stands for
     * @param <T> that type
     * @return a codec; making one is cheap, all share one mapper
     * @throws SluiceException when Jackson is not on the class path
     */
    public static <T> Codec<Frame, T> json(Class<T> type) {
        Objects.requireNonNull(type, "type");
        try {
            return JsonCodecs.json(type);
        } catch (NoClassDefFoundError absent) {
            throw new SluiceException(
                    "Codecs.json needs Jackson, which is not on the class path:"
                            + " add com.fasterxml.jackson.core:jackson-databind",
                    absent);
        }
    }

    private enum TextCodec implements Codec<Frame, String> {
        INSTANCE;

        @Override
        public Frame encode(String value) {
            return Frame.text(value);
        }

        @Override
        public String decode(Frame wire) {
            return wire.asText();
        }

        @Override
        public String toString() {
            return "text";
        }
    }

    private enum FrameCodec implements Codec<Frame, Frame> {
        INSTANCE;

        @Override
        public Frame encode(Frame value) {
            return Objects.requireNonNull(value, "value");
        }

        @Override
        public Frame decode(Frame wire) {
            return Objects.requireNonNull(wire, "wire");
        }

        @Override
        public String toString() {
            return "frames";
        }
    }
}
