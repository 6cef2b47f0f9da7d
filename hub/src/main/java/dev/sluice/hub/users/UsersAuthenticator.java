package dev.sluice.hub.users;

import dev.sluice.rsocket.security.Authenticator;
import dev.sluice.rsocket.security.Credentials;
import dev.sluice.rsocket.security.Identity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiPredicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Knows the users of a file, by name and secret or by the token {@code NAME:SECRET}, which means the same. Thread safe.
 *
 * <p>To compare a secret with its hash is slow. That is done on two threads of this authenticator, for at most 32 more clients waiting; those beyond
 * fail with an error that is not {@link dev.sluice.AccessDeniedException}, which tells a client to come back. Clients that show the same at the same
 * time wait for one comparison. A secret found right is remembered as its HMAC under a random key of this object, one for each user, so whoever comes
 * back costs next to nothing.
 *
 * <p>A name nobody has takes as long as a wrong secret: the secret is compared with another user's hash, which one depends on the name, and refused
 * whatever comes out.
 */
public final class UsersAuthenticator implements Authenticator, Disposable {

    private static final int THREADS = 2;
    /** For each thread, so many that the last one is still answered within the hello timeout of 5 s, at the iterations of a new hash. */
    private static final int WAITING = 16;

    private static final int IDLE_SECONDS = 60;
    private static final String HMAC = "HmacSHA256";
    private static final byte SECRET = 1;
    private static final byte NAME = 2;

    private final Map<String, Known> byName = new LinkedHashMap<>();
    private final List<Known> all;
    private final SecretKeySpec key;
    private final BiPredicate<SecretHash, String> matches;
    private final Scheduler scheduler;
    private final Map<ByteBuffer, Mono<Identity>> running = new ConcurrentHashMap<>();

    private static final class Known {
        private final SecretHash hash;
        private final Identity identity;
        private volatile byte @Nullable [] remembered;

        Known(User user) {
            this.hash = user.secret();
            this.identity = Identity.of(user.name());
        }

        boolean remembers(byte[] digest) {
            byte[] known = remembered;
            return known != null && MessageDigest.isEqual(known, digest);
        }
    }

    UsersAuthenticator(Collection<User> users) {
        this(users, SecretHash::matches);
    }

    /** With another way to compare, for tests. */
    UsersAuthenticator(Collection<User> users, BiPredicate<SecretHash, String> matches) {
        users.forEach(user -> byName.put(user.name(), new Known(user)));
        this.all = List.copyOf(byName.values());
        this.matches = matches;
        this.scheduler = Schedulers.newBoundedElastic(THREADS, WAITING, "sluice-hub-users", IDLE_SECONDS, true);
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, HMAC);
        // The first use of a Mac looks for its provider, in files: not on an event loop.
        digest(NAME, "", "");
    }

    /**
     * Tells who shows these credentials. Lazy; a right secret that is remembered is answered on the caller's thread, all else on a thread of this
     * authenticator.
     *
     * @return the user; empty when there is none of that name and secret; an error when too many wait, or this is disposed of
     */
    @Override
    public Mono<Identity> authenticate(Credentials credentials) {
        return Mono.defer(() -> {
            if (credentials instanceof Credentials.Simple simple) {
                return authenticate(simple.user(), simple.password());
            }
            String token = ((Credentials.Bearer) credentials).token();
            int colon = token.indexOf(':');
            return colon < 0 ? Mono.empty() : authenticate(token.substring(0, colon), token.substring(colon + 1));
        });
    }

    private Mono<Identity> authenticate(String name, String secret) {
        // Nobody has such a secret, so nothing is learnt of who exists when it is refused at once.
        if (secret.isEmpty() || secret.codePointCount(0, secret.length()) > SecretHash.MAX_SECRET) {
            return Mono.empty();
        }
        byte[] digest = digest(SECRET, name, secret);
        Known known = byName.get(name);
        if (known != null && known.remembers(digest)) {
            return Mono.just(known.identity);
        }
        ByteBuffer same = ByteBuffer.wrap(digest);
        Mono<Identity> fresh = Mono.fromCallable(() -> compare(name, secret, digest))
                .subscribeOn(scheduler)
                .onErrorMap(RejectedExecutionException.class, full -> new UsersBusyException())
                .doOnTerminate(() -> running.remove(same))
                .cache();
        Mono<Identity> earlier = running.putIfAbsent(same, fresh);
        return earlier == null ? fresh : earlier;
    }

    private @Nullable Identity compare(String name, String secret, byte[] digest) {
        Known known = byName.get(name);
        boolean right = matches.test((known == null ? decoy(name) : known).hash, secret);
        if (known == null || !right) {
            return null;
        }
        known.remembered = digest;
        return known.identity;
    }

    /** Iterations may differ from user to user: a stranger's take as long as somebody's, and always the same one's. */
    private Known decoy(String name) {
        return all.get(Math.floorMod(ByteBuffer.wrap(digest(NAME, name, "")).getInt(), all.size()));
    }

    private byte[] digest(byte kind, String name, String secret) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            byte[] user = name.getBytes(StandardCharsets.UTF_8);
            // The length keeps "ab" with "c" apart from "a" with "bc".
            mac.update(ByteBuffer.allocate(5).put(kind).putInt(user.length).array());
            mac.update(user);
            return mac.doFinal(secret.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException everyJvmHasIt) {
            throw new AssertionError(everyJvmHasIt);
        }
    }

    /** Ends the threads; what is asked from now on fails. */
    @Override
    public void dispose() {
        scheduler.dispose();
    }

    @Override
    public boolean isDisposed() {
        return scheduler.isDisposed();
    }

    @Override
    public String toString() {
        return "UsersAuthenticator(" + all.size() + " users)";
    }
}
