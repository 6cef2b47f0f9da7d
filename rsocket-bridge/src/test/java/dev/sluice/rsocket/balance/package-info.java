@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.balance;
