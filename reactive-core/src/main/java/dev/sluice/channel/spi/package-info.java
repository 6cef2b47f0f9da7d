/**
 * What engines are made of: where sends are committed ({@link dev.sluice.channel.spi.Gate}), who aims them ({@link
 * dev.sluice.channel.spi.Route}), and how an engine is found by its URL.
 */
@NullMarked
package dev.sluice.channel.spi;

import org.jspecify.annotations.NullMarked;
