package dev.sluice.channel.spi;

import dev.sluice.channel.SendResult;

/** What the sends of this package share. */
final class Sends {
    private Sends() {}

    static SendResult result(Outcome outcome) {
        return switch (outcome) {
            case ACCEPTED -> SendResult.ACCEPTED;
            case FULL -> SendResult.FULL;
            case CLOSED -> SendResult.CLOSED;
            case WAITING, MOVED -> throw new AssertionError("not an answer to an offer: " + outcome);
        };
    }
}
