package dev.sluice.rsocket.metrics;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.session.AcknowledgedSource;
import io.micrometer.observation.Observation;
import reactor.core.publisher.Flux;

/** A source of an answer whose frames find the observation of their call in the context: they are part of it, though they may outlive it. */
final class ObservedSource implements Source {

    private final Source source;
    private final Observation observation;

    private ObservedSource(Source source, Observation observation) {
        this.source = source;
        this.observation = observation;
    }

    /** The source, observed; deliveries of channels stay as they are: nobody calls anything to make them. */
    static Source of(Source source, Observation observation) {
        if (source instanceof AcknowledgedSource) {
            return source;
        }
        if (source instanceof Nest nest) {
            Flux<Source> sources = nest.sources().map(each -> of(each, observation));
            return Nest.of(nest.header(), sources.contextWrite(context -> Observing.with(context, observation)));
        }
        return new ObservedSource(source, observation);
    }

    @Override
    public Frame header() {
        return source.header();
    }

    @Override
    public Flux<Frame> frames() {
        return source.frames().contextWrite(context -> Observing.with(context, observation));
    }

    @Override
    public void discard() {
        source.discard();
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
