package dev.hearth.build.assembly;

import dev.hearth.build.pack.PruningRules;
import dev.hearth.build.project.Project;
import dev.hearth.build.python.Target;
import dev.hearth.build.session.UvSession;
import dev.hearth.build.wheelhouse.Wheelhouse;
import java.util.function.Consumer;

/** The values that all steps of one build share. */
record Job(
    Target target,
    UvSession session,
    Wheelhouse wheelhouse,
    Assembler.Request request,
    Project project,
    Program program,
    ResolutionKey key,
    Consumer<String> log) {

  PruningRules rules() {
    return program.rules();
  }
}
