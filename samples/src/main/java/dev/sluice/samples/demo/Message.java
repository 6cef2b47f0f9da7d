package dev.sluice.samples.demo;

/**
 * One element of the demo, so marked that its fate can be told.
 *
 * @param service who sent it, by index
 * @param sequence as its how-manieth, from 0
 * @param flash the flash it is a packet of, from 1; 0 when it is none
 */
record Message(int service, long sequence, int flash) {}
