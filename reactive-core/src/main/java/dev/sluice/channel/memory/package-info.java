/**
 * The engine that keeps channels in memory. {@link dev.sluice.channel.memory.MemoryEngine} is its door; how it decides
 * and delivers is told at the top of its classes, in this order: {@code Gate}, {@code Admission}, {@code Group}.
 */
@NullMarked
package dev.sluice.channel.memory;

import org.jspecify.annotations.NullMarked;
