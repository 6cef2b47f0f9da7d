/** Plain RSocket clients against a server. */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.plain;
