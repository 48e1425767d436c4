package dev.hearth.build.layer;

/**
 * One layer of a build.
 *
 * @param reused whether it was there before
 * @param isProject whether it is the project itself, built as a package
 * @param chain how the project comes to depend on it
 */
public record Found(Layer layer, boolean reused, boolean isProject, String chain) {}
