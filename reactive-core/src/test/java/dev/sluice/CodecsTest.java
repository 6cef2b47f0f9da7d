package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CodecsTest {

    record Reading(String sensor, double value) {}

    /** Refers to itself, so it has no end as JSON. */
    static final class Loop {
        public Loop getSelf() {
            return this;
        }
    }

    @Test
    void text_thereAndBack() {
        assertThat(Codecs.text().decode(Codecs.text().encode("grüße"))).isEqualTo("grüße");
        assertThat(Codecs.text()).hasToString("text");
    }

    @Test
    void text_refusesWhatIsNoText() {
        assertThatThrownBy(() -> Codecs.text().decode(Frame.of(new byte[] {(byte) 0xFF})))
                .isInstanceOf(CodecException.class)
                .isInstanceOf(SluiceException.class);
        assertThatThrownBy(() -> Codecs.text().encode("\uD800")).isInstanceOf(CodecException.class);
    }

    @Test
    void frames_passAsTheyAre() {
        Frame frame = Frame.text("x");

        assertThat(Codecs.frames().decode(Codecs.frames().encode(frame))).isSameAs(frame);
        assertThatThrownBy(() -> Codecs.frames().encode(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void json_thereAndBack() {
        Codec<Frame, Reading> codec = Codecs.json(Reading.class);
        Reading reading = new Reading("temp", 21.5);

        assertThat(codec.encode(reading).asText()).isEqualTo("{\"sensor\":\"temp\",\"value\":21.5}");
        assertThat(codec.decode(codec.encode(reading))).isEqualTo(reading);
        assertThat(codec.toString()).contains("Reading");
    }

    @Test
    void json_ofAGenericType() {
        Codec<Frame, Map<String, List<Reading>>> codec = JsonCodecs.json(new TypeReference<>() {});
        Map<String, List<Reading>> value = Map.of("room", List.of(new Reading("temp", 1)));

        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }

    @Test
    void json_byAMapperOfOnesOwn() {
        ObjectMapper indenting = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

        assertThat(JsonCodecs.json(indenting, Reading.class)
                        .encode(new Reading("t", 1))
                        .asText())
                .contains("\n");
        assertThat(JsonCodecs.json(indenting, new TypeReference<List<Integer>>() {})
                        .decode(Frame.text("[1,2]")))
                .containsExactly(1, 2);
    }

    @Test
    void json_ofANewerSender_isUnderstood() {
        assertThat(Codecs.json(Reading.class).decode(Frame.text("{\"sensor\":\"t\",\"value\":1,\"unit\":\"C\"}")))
                .isEqualTo(new Reading("t", 1));
    }

    @Test
    void json_thatIsNone_isRefused_withTypeAndSize_andWithoutThePayload() {
        String secret = "password=" + "hunter2".repeat(50);
        for (String bad :
                List.of("", "{", "null", "[1]", "{\"sensor\":\"a\"} x", "{\"value\":\"" + secret + "\"}", secret)) {
            assertThatThrownBy(() -> Codecs.json(Reading.class).decode(Frame.text(bad)))
                    .as(bad)
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("json")
                    .hasMessageContaining("Reading")
                    .hasMessageContaining(bad.length() + " bytes")
                    .hasNoCause()
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2hunter2"));
        }
    }

    @Test
    void json_ofWhatHasNone_isRefused() {
        Codec<Frame, Loop> codec = Codecs.json(Loop.class);

        assertThatThrownBy(() -> codec.encode(new Loop()))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("Loop");
        assertThatThrownBy(() -> Codecs.json(Object.class).encode(new Object()))
                .hasMessageContaining("java.lang.Object");
        assertThatThrownBy(() -> Codecs.json((Class<?>) null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void withoutJackson_codecsLoads_textWorks_andJsonSaysWhatIsMissing() throws Exception {
        try (WithoutJackson loader = new WithoutJackson()) {
            Class<?> codecs = loader.loadClass("dev.sluice.Codecs");

            assertThat(codecs.getMethods()).isNotEmpty();
            Object text = codecs.getMethod("text").invoke(null);
            assertThat(text).hasToString("text");
            assertThatThrownBy(() -> codecs.getMethod("json", Class.class).invoke(null, String.class))
                    .cause()
                    .hasMessageContaining("jackson-databind");
        }
    }

    /** Loads Sluice anew and finds no Jackson. */
    private static final class WithoutJackson extends ClassLoader implements AutoCloseable {

        WithoutJackson() {
            super(CodecsTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("com.fasterxml.jackson")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.sluice.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                in.transferTo(bytes);
                return defineClass(name, bytes.toByteArray(), 0, bytes.size());
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }

        @Override
        public void close() {}
    }
}
