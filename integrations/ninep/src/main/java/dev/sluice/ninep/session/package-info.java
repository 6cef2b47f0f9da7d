/** One connection: its fids, what it has asked and was not answered yet, and what becomes of that when it ends. */
@org.jspecify.annotations.NullMarked
package dev.sluice.ninep.session;
