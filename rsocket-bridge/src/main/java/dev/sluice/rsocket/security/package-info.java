/**
 * Who a caller is, and what it may do.
 */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.security;
