package dev.sluice.ninep.session;

import dev.sluice.Frame;
import dev.sluice.ninep.command.Commands;
import dev.sluice.ninep.command.Leases;
import dev.sluice.ninep.tree.Reports;
import dev.sluice.ninep.tree.Tree;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.switching.Diversions;
import dev.sluice.switching.ServiceRegistry;
import java.util.function.BooleanSupplier;

/**
 * What all connections of a server share.
 *
 * @param tree the files
 * @param commands carries out what is written to {@code ctl}
 * @param reports what {@code ctl} and {@code stats} say
 * @param policy what those who attach may do
 * @param registry where leases are taken
 * @param diversions diverts services of it
 * @param limits what one connection may use up
 * @param warnings where what an operator should know goes
 * @param isDraining whether no frames are taken any more
 * @param beganSeconds when the server began, by the clock on the wall: the time all files have
 */
public record Site(
        Tree tree,
        Commands commands,
        Reports reports,
        AccessPolicy policy,
        ServiceRegistry<Frame> registry,
        Diversions<Frame> diversions,
        Limits limits,
        Warnings warnings,
        BooleanSupplier isDraining,
        long beganSeconds) {

    Leases leases() {
        return new Leases(registry, diversions);
    }
}
