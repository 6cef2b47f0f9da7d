/** 9P as bytes: messages taken apart and put together, in all three dialects; knows nothing of channels. */
@org.jspecify.annotations.NullMarked
package dev.sluice.ninep.wire;
