package dev.sluice.pipes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.AccessDeniedException;
import dev.sluice.directory.Directory;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Authenticator;
import dev.sluice.rsocket.security.Identity;
import dev.sluice.rsocket.security.Verb;
import dev.sluice.rsocket.transport.Certificates;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** How members get to a destination: by a fixed address, over TLS, with credentials. */
class PipesAccessTest extends PipesFixture {

    private static final String TOKEN = "a-token-of-billing";
    private static final List<String> HUNDRED =
            IntStream.range(0, 100).mapToObj(n -> "" + n).toList();

    private Pipes guarded() {
        Authenticator fixed =
                Authenticator.fixed().token(TOKEN, "billing", "clerks").build();
        AccessPolicy policy =
                AccessPolicy.builder().role("clerks", "orders", Verb.RECEIVE).build();
        return node(
                directory,
                options -> options.tls(Certificates.SERVER.serving().build())
                        .server(server -> server.authenticator(fixed).accessPolicy(policy)));
    }

    private Pipes trusting(UnaryOperator<PipesOptions.Builder> how) {
        return node(
                directory,
                options ->
                        how.apply(options.trust(Certificates.SERVER.trusting().build())));
    }

    @Test
    void overTlsAndWithCredentials_receives() {
        Destination orders = registered(guarded(), "orders");
        Receiver billing = joined(trusting(options -> options.client(client -> client.bearer(TOKEN)))
                .group("orders", "billing"));
        awaitMembers(orders, "billing", 1);

        sendNumbers(orders, 0, 100).block(LONG);

        billing.awaitCount(100);
        assertThat(billing.texts()).isEqualTo(HUNDRED);
        assertThat(directory.destinations().watch("orders").blockFirst(LONG))
                .singleElement()
                .satisfies(instance -> assertThat(instance.scheme().isSecure()).isTrue());
    }

    @Test
    void overTls_withoutOrWithWrongCredentials_isRefused() {
        registered(guarded(), "orders");

        for (Pipes stranger : List.of(
                trusting(options -> options), trusting(options -> options.client(client -> client.bearer("x"))))) {
            StepVerifier.create(stranger.group("orders", "billing").join())
                    .expectError(AccessDeniedException.class)
                    .verify(LONG);
        }
    }

    @Test
    void overTls_whoDoesNotTrustTheCertificate_getsNothing_andHoldsNobodyUp() {
        Destination orders = registered(guarded(), "orders");
        Receiver wary = joined(node().group("orders", "billing"));
        Receiver billing = joined(trusting(options -> options.client(client -> client.bearer(TOKEN)))
                .group("orders", "billing"));
        awaitMembers(orders, "billing", 1);

        sendNumbers(orders, 0, 100).block(LONG);

        billing.awaitCount(100);
        assertThat(wary.deliveries).isEmpty();
        assertThat(wary.errors).isEmpty();
    }

    @Test
    void withoutTheRight_isRefused() {
        Authenticator anyone = credentials -> Mono.just(Identity.of("anyone"));
        AccessPolicy others = AccessPolicy.builder()
                .everyone("invoices", Verb.RECEIVE)
                .everyone("orders", Verb.SEND, Verb.CALL)
                .build();
        Pipes guarded = node(
                directory,
                options -> options.server(server -> server.authenticator(anyone).accessPolicy(others)));
        registered(guarded, "orders");
        Pipes known = node(directory, options -> options.client(client -> client.bearer(TOKEN)));

        // Not for want of credentials.
        StepVerifier.create(known.group("orders", "billing").join())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(AccessDeniedException.class)
                        .hasMessageContaining("RECEIVE of \"orders\""))
                .verify(LONG);
    }

    @Test
    void byAFixedAddress_receivesWithoutADirectory() {
        Pipes home = node();
        Destination orders = registered(home, "orders");
        Directory fixed = Directory.open("static:127.0.0.1:" + home.listeningPort());
        Receiver billing = joined(node(fixed, options -> options).group("orders", "billing"));
        Receiver audit = joined(node(fixed, options -> options).group("orders", "audit"));
        awaitMembers(orders, "billing", 1);
        awaitMembers(orders, "audit", 1);

        sendNumbers(orders, 0, 100).block(LONG);

        billing.awaitCount(100);
        audit.awaitCount(100);
        assertThat(billing.texts()).isEqualTo(HUNDRED);
        assertThat(audit.texts()).isEqualTo(HUNDRED);
    }

    @Test
    void byAFixedAddress_cannotBeRegistered() {
        Pipes node = node(Directory.open("static:127.0.0.1:7000"), options -> options);

        StepVerifier.create(node.destination("orders").register())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("static"))
                .verify(LONG);
    }
}
