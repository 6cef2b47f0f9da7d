@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.outlet;
