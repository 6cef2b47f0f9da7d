package dev.sluice.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.sluice.directory.Keyspace.Claim;
import dev.sluice.directory.Keyspace.Value;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import java.util.Collection;

/** How a keyspace's keys stand in etcd: behind a prefix, in UTF-8. And what is asked about them. */
final class Keys {

    /** {@code Compare.CompareTarget.LEASE}, which etcd has since 3.3 and jetcd's messages have not. */
    private static final int LEASE = 4;

    /** {@code Compare.lease}. */
    private static final int LEASE_FIELD = 8;

    private final String prefix;

    Keys(String prefix) {
        this.prefix = prefix + "/";
    }

    ByteString of(String key) {
        return ByteString.copyFromUtf8(prefix + key);
    }

    String of(ByteString stored) {
        return stored.toStringUtf8().substring(prefix.length());
    }

    static Value value(KeyValue stored) {
        return new Value(stored.getValue().toStringUtf8(), stored.getModRevision());
    }

    /** What ends the range of all keys that begin so. */
    static ByteString end(ByteString begin) {
        // UTF-8 has no byte that cannot be one more.
        byte[] end = begin.toByteArray();
        end[end.length - 1]++;
        return ByteString.copyFrom(end);
    }

    RangeRequest one(String key) {
        return RangeRequest.newBuilder().setKey(of(key)).build();
    }

    /** Puts what is claimed, if nothing is there that must not be; shows what is there otherwise. */
    TxnRequest claim(Claim claim, long lease) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        claim.leased().keySet().forEach(key -> txn.addCompare(absent(key)).addFailure(get(key)));
        claim.absent().forEach(key -> txn.addCompare(absent(key)).addFailure(get(key)));
        puts(txn, claim, lease);
        return txn.build();
    }

    /** The same, over keys that the lease has already. */
    TxnRequest claimAgain(Claim claim, long lease, Collection<String> own) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        claim.leased()
                .keySet()
                .forEach(key -> txn.addCompare(own.contains(key) ? leasedBy(key, lease) : absent(key))
                        .addFailure(get(key)));
        claim.absent().forEach(key -> txn.addCompare(absent(key)).addFailure(get(key)));
        puts(txn, claim, lease);
        return txn.build();
    }

    private void puts(TxnRequest.Builder txn, Claim claim, long lease) {
        claim.leased().forEach((key, text) -> txn.addSuccess(put(key, text, lease)));
        claim.kept().forEach((key, text) -> txn.addSuccess(putIfAbsent(key, text, 0)));
    }

    /** Puts each leased and kept key where there is none, and shows those that are there. */
    TxnRequest restore(Claim claim, long lease) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        claim.leased().forEach((key, text) -> txn.addSuccess(putIfAbsent(key, text, lease)));
        claim.kept().forEach((key, text) -> txn.addSuccess(putIfAbsent(key, text, 0)));
        return txn.build();
    }

    private RequestOp putIfAbsent(String key, String text, long lease) {
        return RequestOp.newBuilder()
                .setRequestTxn(TxnRequest.newBuilder()
                        .addCompare(absent(key))
                        .addSuccess(put(key, text, lease))
                        .addFailure(get(key)))
                .build();
    }

    /** Deletes those of the keys that the lease has. */
    TxnRequest release(Collection<String> keys, long lease) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        keys.forEach(key -> txn.addSuccess(RequestOp.newBuilder()
                .setRequestTxn(
                        TxnRequest.newBuilder().addCompare(leasedBy(key, lease)).addSuccess(delete(key)))));
        return txn.build();
    }

    /** Deletes those of the keys that the lease has had since before a revision. */
    TxnRequest sweep(Collection<String> keys, long lease, long seen) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        keys.forEach(key -> txn.addSuccess(RequestOp.newBuilder()
                .setRequestTxn(TxnRequest.newBuilder()
                        .addCompare(leasedBy(key, lease))
                        .addCompare(compare(key)
                                .setTarget(Compare.CompareTarget.MOD)
                                .setResult(Compare.CompareResult.LESS)
                                .setModRevision(seen + 1))
                        .addSuccess(delete(key)))));
        return txn.build();
    }

    TxnRequest remove(String key, long revision) {
        return TxnRequest.newBuilder()
                .addCompare(compare(key)
                        .setTarget(Compare.CompareTarget.MOD)
                        .setResult(Compare.CompareResult.EQUAL)
                        .setModRevision(revision))
                .addSuccess(delete(key))
                .build();
    }

    /** Asks for each of the keys whether it is there. */
    TxnRequest count(Collection<String> keys) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        keys.forEach(key -> txn.addSuccess(RequestOp.newBuilder()
                .setRequestRange(RangeRequest.newBuilder().setKey(of(key)).setCountOnly(true))));
        return txn.build();
    }

    private Compare.Builder compare(String key) {
        return Compare.newBuilder().setKey(of(key));
    }

    private Compare absent(String key) {
        return compare(key)
                .setTarget(Compare.CompareTarget.VERSION)
                .setResult(Compare.CompareResult.EQUAL)
                .setVersion(0)
                .build();
    }

    private Compare leasedBy(String key, long lease) {
        return compare(key)
                .setTargetValue(LEASE)
                .setResult(Compare.CompareResult.EQUAL)
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                LEASE_FIELD,
                                UnknownFieldSet.Field.newBuilder()
                                        .addVarint(lease)
                                        .build())
                        .build())
                .build();
    }

    private RequestOp get(String key) {
        return RequestOp.newBuilder().setRequestRange(one(key)).build();
    }

    private RequestOp put(String key, String text, long lease) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder()
                        .setKey(of(key))
                        .setValue(ByteString.copyFromUtf8(text))
                        .setLease(lease))
                .build();
    }

    private RequestOp delete(String key) {
        return RequestOp.newBuilder()
                .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(of(key)))
                .build();
    }
}
