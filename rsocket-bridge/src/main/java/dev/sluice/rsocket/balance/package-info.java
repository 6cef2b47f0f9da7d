/**
 * Calls spread over the instances of a service.
 */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.balance;
