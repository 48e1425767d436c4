package dev.hearth.build.resolve;

import dev.hearth.build.lock.Lock;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.python.Target;
import dev.hearth.build.wheelhouse.BuildAdvice;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.util.Optional;

/** Creates the error for a release without a wheel for the target, with advice for the user. */
final class MissingWheel {

  private MissingWheel() {}

  /**
   * Returns the error for a release.
   *
   * @param why a further sentence, ending in a space, or empty
   * @param usable the version of another release that the target can install
   */
  static HearthException error(
      Requirement requirement, Lock lock, Target target, String why, Optional<String> usable) {
    var name = requirement.name();
    var chain = lock.chain(name);
    var other =
        usable
            .map(version ->
                "%s has one: require that release (`uv lock --upgrade-package %1$s` if a lock pins another). "
                    .formatted(name + "==" + version))
            .orElse("");
    return new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE,
        "%s has no wheel that %s can use%s. %s%s%s"
            .formatted(
                name + requirement.version().map("=="::concat).orElse(""),
                target.title(),
                chain.equals(name) ? "" : " (" + chain + ")",
                why,
                other,
                BuildAdvice.of(requirement)));
  }
}
