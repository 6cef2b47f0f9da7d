package dev.sluice.rsocket.security;

import dev.sluice.rsocket.Service;

/**
 * A service that asks for rights of its own, for the names it is about: to call it needs none. Those that offer channels are such: what they need
 * is a right to the channel.
 */
public interface SelfGuarded extends Service {}
