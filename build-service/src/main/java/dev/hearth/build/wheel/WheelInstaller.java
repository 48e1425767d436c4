package dev.hearth.build.wheel;

import dev.hearth.build.lock.Lock;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.uv.CPython;
import dev.hearth.build.uv.UvCommand;
import dev.hearth.build.uv.UvErrors;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Installs wheels with uv, each checked by hash. */
public final class WheelInstaller {

  private final UvCommand uv;
  private final CPython cpython;

  public WheelInstaller(UvCommand uv, CPython cpython) {
    this.uv = uv;
    this.cpython = cpython;
  }

  /** Installs the target's wheel from the index that the lock names. */
  public Installation install(
      Requirement requirement, Lock lock, InstallPlace place, Consumer<String> log)
      throws IOException {
    return install(ours(), requirement, lock, place, log);
  }

  /** Installs CPython's wheel instead of the target's. */
  public Installation installSubstitute(
      Requirement requirement, Lock lock, InstallPlace place, Consumer<String> log)
      throws IOException {
    var python =
        List.of(
            "--python",
            cpython.executable().toString(),
            "--python-version",
            uv.target().languageVersion(),
            "--python-platform",
            uv.target().substitutePlatform());
    return install(python, requirement, lock, place, log);
  }

  private Installation install(
      List<String> python,
      Requirement requirement,
      Lock lock,
      InstallPlace place,
      Consumer<String> log)
      throws IOException {
    var file = Files.writeString(place.scratch().resolve("wheel.txt"), requirement.text());
    var arguments =
        new ArrayList<>(List.of("--require-hashes", "--no-build", "-r", file.toString()));
    arguments.addAll(uv.only(lock.nearest(requirement).map(Lock.Locked::registry).orElse("")));
    var installed = uv.run(place.scratch(), log, command(python, place.target(), arguments));
    if (installed.succeeded()) {
      return new Installation.Installed();
    }
    if (UvErrors.WITHOUT_WHEEL.matcher(installed.told()).find()) {
      return new Installation.WheelMissing();
    }
    throw new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE,
        UvErrors.explain(installed.told(), "Check the index and the lock."));
  }

  /** Installs a local wheel. */
  public void installFile(Path wheel, Path target) {
    var installed =
        uv.run(target, _ -> {}, command(ours(), target, List.of("--no-build", wheel.toString())));
    if (!installed.succeeded()) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          UvErrors.explain(installed.told(), "The built wheel cannot be installed."));
    }
  }

  private List<String> ours() {
    return List.of("--python", uv.interpreter().toString());
  }

  private static List<String> command(List<String> python, Path target, List<String> more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "pip",
                "install",
                "--target",
                target.toString(),
                "--no-deps",
                "--link-mode",
                "copy",
                "--no-compile-bytecode"));
    arguments.addAll(python);
    arguments.addAll(more);
    return arguments;
  }
}
