package dev.hearth.build.reach;

/**
 * A name of another module that code surely uses, or the literal format of a {@code strftime}.
 *
 * @param name dotted name, absolute
 * @param format literal first argument of a call of {@code strftime}; else empty
 * @param line line in the file, from 1
 */
public record Use(String name, String format, int line) {}
