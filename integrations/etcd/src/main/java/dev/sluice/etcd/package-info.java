/** Directories in an etcd: {@link dev.sluice.etcd.EtcdDirectory}. */
@org.jspecify.annotations.NullMarked
package dev.sluice.etcd;
