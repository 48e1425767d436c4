package dev.hearth.build.layer;

/**
 * A layer that a build uses.
 *
 * @param reused true if an earlier build made the layer
 * @param isProject true for the project itself, built as a package
 * @param chain dependency chain from the project
 */
public record Found(Layer layer, boolean reused, boolean isProject, String chain) {}
