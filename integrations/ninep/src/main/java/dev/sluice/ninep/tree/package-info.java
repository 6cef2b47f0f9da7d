/** Channels as a tree of files: what is where, who sees it, and what the two files say that are no channels. */
@org.jspecify.annotations.NullMarked
package dev.sluice.ninep.tree;
