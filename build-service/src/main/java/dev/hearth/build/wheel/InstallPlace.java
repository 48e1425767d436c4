package dev.hearth.build.wheel;

import java.nio.file.Path;

/**
 * The folders of one installation.
 *
 * @param upload the source tree, which relative folders in requirements are resolved against
 * @param target receives the installed packages
 * @param scratch folder for everything else
 */
public record InstallPlace(Path upload, Path target, Path scratch) {}
