/**
 * Channels from afar: {@link dev.sluice.rsocket.channel.ChannelServices} offers a registry to other machines, {@link
 * dev.sluice.rsocket.channel.RemoteChannels} is that registry over there.
 */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.channel;
