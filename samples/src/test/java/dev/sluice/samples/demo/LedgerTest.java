package dev.sluice.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The demo is only worth its verdict if its books notice every fault: here they are fed with faulty sequences. */
class LedgerTest {

    private static final int SENSOR = 0;
    private static final int GRPC = 1;
    private static final int UPDATER = 2;

    private final AtomicLong clock = new AtomicLong();
    private final Ledger ledger = new Ledger(3, clock::get);

    @Test
    void everyElementReceivedOrDiscardedOnce_isClean() {
        List<Message> sent = begin(SENSOR, 10);
        sent.subList(0, 4).forEach(ledger::received);
        sent.subList(4, 7).forEach(ledger::discarded);
        sent.subList(7, 10).forEach(ledger::received);

        Balance balance = ledger.balance(0);
        assertThat(balance).isEqualTo(new Balance(10, 7, 3, 0, 0, 0, 0, 0, -1));
        assertThat(balance.isClean()).isTrue();
    }

    @Test
    void bufferedElements_areNotLost() {
        List<Message> sent = begin(SENSOR, 10);
        sent.subList(0, 8).forEach(ledger::received);

        assertThat(ledger.balance(2).lost()).isZero();
        assertThat(ledger.balance(2).isClean()).isTrue();
    }

    @Test
    void elementThatGoesNowhere_isLost() {
        List<Message> sent = begin(SENSOR, 10);
        sent.subList(0, 4).forEach(ledger::received);
        sent.subList(5, 10).forEach(ledger::received);

        Balance balance = ledger.balance(0);
        assertThat(balance.lost()).isEqualTo(1);
        assertThat(balance.isClean()).isFalse();
    }

    @Test
    void elementReceivedTwice_isDuplicated_andHidesNoLoss() {
        List<Message> sent = begin(SENSOR, 3);
        ledger.received(sent.get(0));
        ledger.received(sent.get(0));
        ledger.received(sent.get(2));

        Balance balance = ledger.balance(0);
        assertThat(balance.received()).isEqualTo(balance.sent());
        assertThat(balance.duplicated()).isEqualTo(1);
        assertThat(balance.lost()).isEqualTo(1);
        assertThat(balance.isClean()).isFalse();
    }

    @Test
    void elementReceivedAndDiscarded_isDuplicated() {
        Message sent = ledger.begin(SENSOR, 0);
        ledger.discarded(sent);
        ledger.received(sent);

        assertThat(ledger.balance(0).duplicated()).isEqualTo(1);
        assertThat(ledger.balance(0).isClean()).isFalse();
    }

    @Test
    void elementNobodySent_isDuplicated() {
        ledger.received(new Message(SENSOR, 5, 0));

        assertThat(ledger.balance(0).duplicated()).isEqualTo(1);
        assertThat(ledger.balance(0).isClean()).isFalse();
    }

    @Test
    void withdrawnElement_wasNotSent() {
        ledger.withdrawn(ledger.begin(SENSOR, 0));

        assertThat(ledger.balance(0)).isEqualTo(new Balance(0, 0, 0, 0, 0, 0, 0, 0, -1));
    }

    @Test
    void withdrawnElementThatIsReceivedAllTheSame_isDuplicated() {
        Message sent = ledger.begin(SENSOR, 0);
        ledger.withdrawn(sent);
        ledger.received(sent);

        assertThat(ledger.balance(0).duplicated()).isEqualTo(1);
        assertThat(ledger.balance(0).isClean()).isFalse();
    }

    @Test
    void elementOfUnknownFate_isLost_untilTheReaderIsPastIt_andThenWasNotSent() {
        Message cut = ledger.begin(UPDATER, 1);
        ledger.unknown(cut);

        assertThat(ledger.balance(0).lost()).isEqualTo(1);

        ledger.readerIsPast();

        assertThat(ledger.balance(0)).isEqualTo(new Balance(0, 0, 0, 0, 0, 0, 0, 0, -1));
    }

    @Test
    void elementOfUnknownFate_thatTheReaderGot_wasSent_onceHoweverOftenItIsTold() {
        Message cut = ledger.begin(UPDATER, 1);
        ledger.unknown(cut);
        ledger.received(cut);
        ledger.unknown(cut);
        ledger.readerIsPast();
        ledger.readerIsPast();

        assertThat(ledger.balance(0)).isEqualTo(new Balance(1, 1, 0, 0, 0, 0, 0, 0, -1));
    }

    @Test
    void elementOfUnknownFate_thatComesAfterAll_isDuplicated() {
        Message cut = ledger.begin(UPDATER, 1);
        ledger.unknown(cut);
        ledger.readerIsPast();
        ledger.received(cut);

        assertThat(ledger.balance(0).duplicated()).isEqualTo(1);
        assertThat(ledger.balance(0).isClean()).isFalse();
    }

    @Test
    void oneElementOfUnknownFate_hidesNoLoss() {
        List<Message> sent = begin(SENSOR, 3);
        ledger.unknown(sent.get(2));
        ledger.received(sent.get(0));
        ledger.readerIsPast();

        assertThat(ledger.balance(0).lost()).isEqualTo(1);
    }

    @Test
    void elementReceivedAfterALaterOneOfTheSameService_isReordered() {
        List<Message> sent = begin(SENSOR, 3);
        Stream.of(0, 2, 1).map(sent::get).forEach(ledger::received);

        Balance balance = ledger.balance(0);
        assertThat(balance).isEqualTo(new Balance(3, 3, 0, 0, 0, 0, 1, 0, -1));
        assertThat(balance.isClean()).isFalse();
    }

    @Test
    void orderBetweenServices_isFree() {
        Message first = ledger.begin(SENSOR, 0);
        Message second = ledger.begin(GRPC, 0);
        ledger.received(second);
        ledger.received(first);

        assertThat(ledger.balance(0).isClean()).isTrue();
    }

    @Test
    void elementBetweenTwoPacketsOfAFlash_isForeign() {
        ledger.received(ledger.begin(UPDATER, 1));
        ledger.received(ledger.begin(GRPC, 0));
        ledger.received(ledger.begin(SENSOR, 0));
        ledger.received(ledger.begin(UPDATER, 1));

        assertThat(ledger.balance(0).foreignDuringLease()).isEqualTo(2);
        assertThat(ledger.balance(0).isClean()).isFalse();
    }

    @Test
    void elementsBeforeBetweenAndAfterFlashes_areNotForeign() {
        ledger.received(ledger.begin(GRPC, 0));
        ledger.received(ledger.begin(UPDATER, 1));
        ledger.received(ledger.begin(UPDATER, 1));
        ledger.received(ledger.begin(GRPC, 0));
        ledger.received(ledger.begin(UPDATER, 2));
        ledger.received(ledger.begin(GRPC, 0));

        assertThat(ledger.balance(0).foreignDuringLease()).isZero();
        assertThat(ledger.balance(0).isClean()).isTrue();
    }

    @Test
    void restoreTime_isFromTheCrashToTheFirstElementOfAnother() {
        ledger.received(ledger.begin(GRPC, 0));
        ledger.received(ledger.begin(UPDATER, 1));
        clock.set(50_000_000);
        ledger.crashed(1);
        clock.set(100_000_000);
        ledger.received(ledger.begin(UPDATER, 1));

        assertThat(ledger.restoredNanos()).isNegative();
        assertThat(ledger.balance(0).restoredAfterCrashMs()).isEqualTo(-1);

        clock.set(350_000_000);
        ledger.received(ledger.begin(SENSOR, 0));
        clock.set(900_000_000);
        ledger.received(ledger.begin(GRPC, 0));

        assertThat(ledger.restoredNanos()).isEqualTo(300_000_000);
        assertThat(ledger.backSinceCrash()).isEqualTo(2);
        assertThat(ledger.balance(0).restoredAfterCrashMs()).isEqualTo(300);
    }

    @Test
    void elementInFrontOfTheCrashedFlash_doesNotCountAsRestored() {
        Message waiting = ledger.begin(GRPC, 0);
        Message packet = ledger.begin(UPDATER, 1);
        ledger.crashed(1);
        ledger.received(waiting);
        ledger.received(packet);

        assertThat(ledger.backSinceCrash()).isZero();
    }

    @Test
    void secondCrashWithoutReturn_isNotRestored_whateverTheFirstWas() {
        ledger.received(ledger.begin(UPDATER, 1));
        ledger.crashed(1);
        ledger.received(ledger.begin(GRPC, 0));
        ledger.received(ledger.begin(UPDATER, 2));
        ledger.crashed(2);

        assertThat(ledger.balance(0).restoredAfterCrashMs()).isEqualTo(-1);
    }

    @Test
    void manyElements_areAccountedForOneByOne() {
        int count = 100_000;
        List<Message> sent = begin(SENSOR, count);
        sent.stream().filter(message -> message.sequence() != 77_777).forEach(ledger::received);
        ledger.received(sent.get(3));
        ledger.received(sent.get(90_000));

        assertThat(ledger.balance(0)).isEqualTo(new Balance(count, count + 1, 0, 0, 1, 2, 0, 0, -1));
    }

    private List<Message> begin(int service, int count) {
        return Stream.generate(() -> ledger.begin(service, 0)).limit(count).toList();
    }
}
