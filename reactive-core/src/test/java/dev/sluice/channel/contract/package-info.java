/**
 * The contract of channels as tests, for every engine to run: extend {@link
 * dev.sluice.channel.contract.ChannelContract}.
 */
@NullMarked
package dev.sluice.channel.contract;

import org.jspecify.annotations.NullMarked;
