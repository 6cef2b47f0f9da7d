/** The records of {@code sluice.v1} as bytes: written, read, refused. Normative text: {@code docs/protocol.md}. */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.wire;
