package dev.sluice.rsocket.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Several watchers as one. Whatever method the interfaces get, these tests ask for it. */
class WatcherTest {

    private final List<String> told = new ArrayList<>();

    /** Writes down what it is told, and goes on with what it wraps. */
    private <T> T recording(String name, Class<T> type) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            told.add(name + "." + method.getName());
            return switch (method.getName()) {
                case "session" -> recording(name, SessionWatcher.class);
                case "serving" -> ((Supplier<?>) arguments[1]).get();
                case "calling" -> apply(arguments);
                default -> null;
            };
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @SuppressWarnings("unchecked")
    private static Object apply(Object[] arguments) {
        return ((Function<Object, Object>) arguments[1]).apply(arguments[0]);
    }

    private static List<Method> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
                .toList();
    }

    static List<Method> ofEndpoints() {
        return methods(Watcher.class);
    }

    static List<Method> ofSessions() {
        return methods(SessionWatcher.class);
    }

    private Object ask(Object watcher, Method method) throws ReflectiveOperationException {
        Supplier<Publisher<?>> answer = () -> {
            told.add("asked");
            return Flux.empty();
        };
        Function<Object, Flux<?>> make = call -> {
            told.add("asked");
            return Flux.empty();
        };
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> type == int.class
                        ? (Object) 1
                        : type == long.class
                                ? (Object) 1L
                                : type == Supplier.class
                                        ? answer
                                        : type == Function.class
                                                ? make
                                                : type.isEnum() ? type.getEnumConstants()[0] : null)
                .toArray();
        return method.invoke(watcher, arguments);
    }

    @ParameterizedTest
    @MethodSource("ofEndpoints")
    void of_tellsAll_inTheirOrder(Method method) throws ReflectiveOperationException {
        Watcher all =
                Watcher.of(recording("a", Watcher.class), recording("b", Watcher.class), recording("c", Watcher.class));

        ask(all, method);

        assertThat(told).containsExactly("a." + method.getName(), "b." + method.getName(), "c." + method.getName());
    }

    @ParameterizedTest
    @MethodSource("ofSessions")
    void session_tellsAll_inTheirOrder(Method method) throws ReflectiveOperationException {
        SessionWatcher both = Watcher.of(recording("a", Watcher.class), recording("b", Watcher.class))
                .session(Side.SERVER);
        told.clear();

        ask(both, method);

        List<String> expected = new ArrayList<>(List.of("a." + method.getName(), "b." + method.getName()));
        if (method.getReturnType() != void.class) {
            expected.add("asked");
        }
        assertThat(told).containsExactlyElementsOf(expected);
    }

    @Test
    void of_leavesOutWhoHearsNothing() {
        Watcher one = recording("a", Watcher.class);
        assertThat(Watcher.of()).isSameAs(Watcher.NONE);
        assertThat(Watcher.of(Watcher.NONE, Watcher.NONE)).isSameAs(Watcher.NONE);
        assertThat(Watcher.of(Watcher.NONE, one)).isSameAs(one);
        assertThat(Watcher.of(one, Watcher.NONE)).isSameAs(one);
        assertThatThrownBy(() -> Watcher.of(one, null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void session_ofWhichOneHearsNothing_isTheOther() {
        SessionWatcher one = new SessionWatcher() {};
        Watcher hears = new Watcher() {
            @Override
            public SessionWatcher session(Side side) {
                return one;
            }
        };
        Watcher deaf = new Watcher() {};
        assertThat(Watcher.of(hears, deaf).session(Side.CLIENT)).isSameAs(one);
        assertThat(Watcher.of(deaf, hears).session(Side.CLIENT)).isSameAs(one);
    }
}
