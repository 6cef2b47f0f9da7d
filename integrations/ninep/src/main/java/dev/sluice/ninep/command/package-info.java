/** What is written to {@code ctl}: a command a line. */
@org.jspecify.annotations.NullMarked
package dev.sluice.ninep.command;
