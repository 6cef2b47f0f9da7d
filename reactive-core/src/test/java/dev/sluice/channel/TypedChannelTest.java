package dev.sluice.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Codec;
import dev.sluice.CodecException;
import dev.sluice.Codecs;
import dev.sluice.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** What a codec adds to the contract: values that have no wire form, and frames that stand for nothing. */
class TypedChannelTest {

    private static final Codec<Frame, Integer> DECIMAL = new Codec<>() {
        @Override
        public Frame encode(Integer value) {
            if (value < 0) {
                throw new IllegalArgumentException("negative");
            }
            return Frame.text(value.toString());
        }

        @Override
        public Integer decode(Frame wire) {
            return Integer.valueOf(wire.asText());
        }

        @Override
        public String toString() {
            return "decimal";
        }
    };

    private final Channel<Frame> wire = Channel.create(ChannelOptions.builder()
            .name("numbers")
            .capacity(10)
            .retention(Retention.all())
            .build());
    private final Channel<Integer> typed = wire.as(DECIMAL);

    private void sendWire(String... texts) {
        for (String text : texts) {
            wire.send(Frame.text(text)).block();
        }
    }

    @Test
    void as_isTheSameChannelInOtherWords() {
        typed.send(7).block();
        sendWire("8");

        assertThat(wire.receive("raw").map(Frame::asText).take(2).collectList().block())
                .containsExactly("7", "8");
        assertThat(typed.receive("typed").take(2).collectList().block()).containsExactly(7, 8);
        assertThat(typed.name()).isEqualTo("numbers");
        typed.close();
        assertThat(wire.isClosed()).isTrue();
    }

    @Test
    void as_again_goesThroughBothCodecs() {
        Codec<Integer, String> words = new Codec<>() {
            @Override
            public Integer encode(String value) {
                return value.length();
            }

            @Override
            public String decode(Integer length) {
                return "x".repeat(length);
            }
        };
        Channel<String> twice = typed.as(words);

        twice.send("abc").block();

        assertThat(twice.receive().blockFirst()).isEqualTo("xxx");
        assertThat(wire.listen(Position.earliest()).blockFirst()).isEqualTo(Frame.text("3"));
    }

    @Test
    void send_whatCannotBeEncoded_failsThatSendOnly() {
        StepVerifier.create(typed.send(-1))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(CodecException.class)
                        .hasMessageContaining("numbers")
                        .hasMessageContaining("Integer")
                        .hasRootCauseMessage("negative"))
                .verify();
        assertThatThrownBy(() -> typed.trySend(-1)).isInstanceOf(CodecException.class);
        StepVerifier.create(typed.sendAll(Flux.just(1, -1, 2))).verifyError(CodecException.class);

        assertThat(typed.stats().block().accepted()).isEqualTo(1);
        assertThat(typed.receive().blockFirst()).isEqualTo(1);
    }

    @Test
    void receive_whatCannotBeDecoded_failsThatReceiverAndDoesNotComeAgain() {
        sendWire("1", "two", "3");

        StepVerifier.create(typed.receive("g"))
                .expectNext(1)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(CodecException.class)
                        .hasMessageContaining("channel \"numbers\"")
                        .hasMessageContaining("group \"g\""))
                .verify();

        StepVerifier.create(typed.receive("g").take(1)).expectNext(3).verifyComplete();
    }

    @Test
    void listen_whatCannotBeDecoded_failsWithTheOffsetToResumeAfter() {
        sendWire("1", "two", "3");

        StepVerifier.create(typed.listen(Position.earliest()))
                .expectNext(1)
                .expectErrorSatisfies(error ->
                        assertThat(error).isInstanceOf(CodecException.class).hasMessageContaining("offset 1"))
                .verify();

        assertThat(typed.listen(Position.offset(2)).blockFirst()).isEqualTo(3);
    }

    @Test
    void receiveAcked_whatCannotBeDecoded_canBeSetAside() {
        sendWire("one", "2");
        List<Long> setAside = new ArrayList<>();

        List<Integer> values = typed.receiveAcked("g")
                .<Integer>handle((delivery, sink) -> {
                    try {
                        sink.next(delivery.value());
                    } catch (CodecException poison) {
                        setAside.add(delivery.offset());
                    }
                    delivery.ack();
                })
                .take(1)
                .collectList()
                .block();

        assertThat(values).containsExactly(2);
        assertThat(setAside).containsExactly(0L);
        assertThat(wire.stats().block().groups().get(0).backlog()).isZero();
    }

    @Test
    void receiveAcked_whatCannotBeDecodedAndFails_comesBackMarked() {
        sendWire("one");

        StepVerifier.create(typed.receiveAcked("g").map(Delivery::value))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(CodecException.class)
                        .hasMessageContaining("group \"g\"")
                        .hasMessageContaining("offset 0"))
                .verify();

        Delivery<Integer> again = typed.receiveAcked("g").blockFirst();
        assertThat(again.redelivered()).isTrue();
        assertThat(again.offset()).isZero();
    }

    @Test
    void nackOfTheRest_isEncoded() {
        sendWire("200");
        Delivery<Integer> delivery = first(typed.receiveAcked("g"));

        assertThat(delivery.nack(20)).isTrue();

        Delivery<Frame> rest = first(wire.receiveAcked("g"));
        assertThat(rest.value()).isEqualTo(Frame.text("20"));
        assertThat(rest.partial()).isTrue();
    }

    @Test
    void nackOfARestThatCannotBeEncoded_failsAndTheDeliveryStaysOpen() {
        sendWire("200");
        Delivery<Integer> delivery = first(typed.receiveAcked("g"));

        assertThatThrownBy(() -> delivery.nack(-1))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("numbers");

        assertThat(delivery.ack()).isTrue();
    }

    @Test
    void deliveryFromElsewhere_cannotBeGivenBackInPart_andSaysWhatCan() {
        Delivery<String> elsewhere = new Delivery<>() {
            @Override
            public String value() {
                return "whole";
            }

            @Override
            public long offset() {
                return 0;
            }

            @Override
            public boolean redelivered() {
                return false;
            }

            @Override
            public boolean ack() {
                return true;
            }

            @Override
            public boolean nack() {
                return true;
            }
        };

        assertThat(elsewhere.partial()).isFalse();
        assertThatThrownBy(() -> elsewhere.nack("rest"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("nack()");
    }

    /** What a receiver gets that asks for one and stays. */
    private static <T> Delivery<T> first(Flux<Delivery<T>> deliveries) {
        TestSubscriber<Delivery<T>> receiver =
                TestSubscriber.builder().initialRequest(1).build();
        deliveries.subscribe(receiver);
        return receiver.getReceivedOnNext().get(0);
    }

    @Test
    void receiveAcked_value_isDecodedOnce() {
        sendWire("200");
        TestSubscriber<Delivery<Integer>> receiver = TestSubscriber.create();
        typed.receiveAcked("g").subscribe(receiver);
        Delivery<Integer> delivery = receiver.getReceivedOnNext().get(0);

        assertThat(delivery.value()).isEqualTo(200).isSameAs(delivery.value());
    }

    @Test
    void codecThatReturnsNull_isACodecError() {
        Codec<Frame, String> broken = new Codec<>() {
            @Override
            public Frame encode(String value) {
                return null;
            }

            @Override
            public String decode(Frame frame) {
                return null;
            }
        };
        Channel<String> view = wire.as(broken);
        sendWire("1");

        StepVerifier.create(view.send("x")).verifyError(CodecException.class);
        StepVerifier.create(view.receive()).verifyError(CodecException.class);
    }

    @Test
    void discard_getsElementsOfTheView() {
        Channel<Integer> full = Channel.<Frame>create(0).as(DECIMAL);
        List<Object> discarded = new ArrayList<>();

        full.send(1).doOnDiscard(Object.class, discarded::add).subscribe().dispose();
        TestPublisher<Integer> publisher = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        TestSubscriber<Long> sending = TestSubscriber.create();
        full.sendAll(publisher).doOnDiscard(Object.class, discarded::add).subscribe(sending);
        publisher.next(2);
        sending.cancel();

        assertThat(discarded).containsExactly(1, 2);
    }

    @Test
    void toString_namesChannelAndCodec() {
        assertThat(wire.as(Codecs.text()).toString()).contains("numbers").endsWith("as text");
    }
}
