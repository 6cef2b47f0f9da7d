package dev.sluice.hub.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * Hears SIGINT and SIGTERM instead of the virtual machine, which would end with 130 or 143 and hear no second one. By reflection: the class that does it
 * is supported by all JDKs, and part of no API.
 */
final class Signals {

    private Signals() {}

    /**
     * Runs something at each SIGINT and SIGTERM, on a thread of its own, from now on.
     *
     * @return false when this virtual machine has no such thing; then signals do what they always did
     */
    static boolean onEnd(Runnable action) {
        return onEach(number -> action.run());
    }

    /** As {@link #onEnd}, for who wants to know which: 2 for SIGINT, 15 for SIGTERM. */
    static boolean onEach(IntConsumer action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler handling = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.accept((int) signal.getMethod("getNumber").invoke(arguments[0]));
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "handler of sluice";
            };
            Object own = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, handling);
            for (String name : new String[] {"INT", "TERM"}) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), own);
            }
            return true;
        } catch (ReflectiveOperationException notHere) {
            return false;
        }
    }
}
