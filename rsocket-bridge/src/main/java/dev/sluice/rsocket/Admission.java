package dev.sluice.rsocket;

import dev.sluice.AccessDeniedException;
import dev.sluice.rsocket.security.Access;
import dev.sluice.rsocket.security.Authenticator;
import dev.sluice.rsocket.security.Credentials;
import dev.sluice.rsocket.security.Identity;
import dev.sluice.rsocket.transport.NettyConnection;
import dev.sluice.rsocket.watch.Refusal;
import io.rsocket.ConnectionSetupPayload;
import io.rsocket.exceptions.ConnectionErrorException;
import io.rsocket.exceptions.RejectedSetupException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Lets one connection in, or not. It may show credentials with SETUP, or with the first payload of a session, which count for that session; until
 * then {@link #access} is null. All on the connection's event loop.
 *
 * <p>What is logged and what the other side is told are words of this class alone: what authenticators say may have secrets in it.
 */
final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final String REFUSED = "the credentials were refused";
    private static final String MISSING = "credentials are needed: a bearer token, or a name and a password";
    private static final String UNCHECKED = "credentials cannot be checked now: try again later";

    private final ServerOptions options;
    private final NettyConnection connection;
    private @Nullable Access access;
    private boolean admitted;

    Admission(ServerOptions options, NettyConnection connection) {
        this.options = options;
        this.connection = connection;
    }

    /** Admits a connection, so far; empty when it has been ended. */
    Mono<Admission> setup(ConnectionSetupPayload setup) {
        Authenticator authenticator = options.authenticator();
        if (authenticator == null) {
            access = Access.of(Identity.ANONYMOUS, options.accessPolicy());
            return Mono.just(this);
        }
        Credentials shown;
        try {
            shown = Routes.COMPOSITE.equals(setup.metadataMimeType()) ? Authentication.of(setup) : null;
        } catch (AccessDeniedException unreadable) {
            end(unreadable);
            return Mono.empty();
        }
        if (shown == null) {
            requireSoon();
            return Mono.just(this);
        }
        return check(authenticator, shown)
                .map(granted -> {
                    access = granted;
                    admitted = true;
                    return this;
                })
                .onErrorResume(failure -> {
                    // An error would have RSocket end it, which logs a trace for each stranger.
                    end(failure);
                    return Mono.empty();
                });
    }

    /** Nobody may stay for long without saying who they are. */
    private void requireSoon() {
        ScheduledFuture<?> limit = connection
                .eventLoop()
                .schedule(
                        () -> {
                            if (!admitted) {
                                end(new AccessDeniedException(MISSING));
                            }
                        },
                        options.session().helloTimeout().toNanos(),
                        TimeUnit.NANOSECONDS);
        connection.onClose().subscribe(nothing -> {}, failure -> limit.cancel(false), () -> limit.cancel(false));
    }

    /** What was granted with SETUP; null when nothing was shown there, and is asked for. */
    @Nullable Access granted() {
        return access;
    }

    /** The rights of a session that begins with a payload. Ends the connection when it has none. */
    Mono<Access> session(@Nullable Credentials shown) {
        Authenticator authenticator = options.authenticator();
        Access known = access;
        Mono<Access> granted = authenticator != null && shown != null
                ? check(authenticator, shown)
                : known != null ? Mono.just(known) : Mono.error(new AccessDeniedException(MISSING));
        return granted.doOnNext(rights -> admitted = true).doOnError(this::end);
    }

    /** Ends the connection, with a reason that says whether to come back. */
    void end(Throwable failure) {
        if (failure instanceof AccessDeniedException) {
            options.watcher().refused(Refusal.CREDENTIALS);
            LOG.info("Refused {}: {}", connection.remoteAddress(), failure.getMessage());
            connection.sendErrorAndClose(new RejectedSetupException(failure.getMessage()));
        } else {
            options.watcher().refused(Refusal.UNCHECKED);
            connection.sendErrorAndClose(new ConnectionErrorException(UNCHECKED));
        }
    }

    private Mono<Access> check(Authenticator authenticator, Credentials shown) {
        return Mono.defer(() -> authenticator.authenticate(shown))
                .timeout(options.session().helloTimeout())
                .switchIfEmpty(Mono.error(() -> new AccessDeniedException(REFUSED)))
                .map(identity -> Access.of(identity, options.accessPolicy()))
                .publishOn(Schedulers.fromExecutor(connection.eventLoop()))
                .onErrorMap(this::inOwnWords);
    }

    private RuntimeException inOwnWords(Throwable failure) {
        if (failure instanceof AccessDeniedException) {
            return new AccessDeniedException(REFUSED);
        }
        LOG.warn(
                "The credentials of {} could not be checked: the authenticator failed with {}",
                connection.remoteAddress(),
                failure.getClass().getName());
        return new Unchecked();
    }

    /** The authenticator has failed. */
    private static final class Unchecked extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unchecked() {
            super(UNCHECKED, null, false, false);
        }
    }
}
