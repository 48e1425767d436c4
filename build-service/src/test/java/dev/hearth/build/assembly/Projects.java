package dev.hearth.build.assembly;

import java.util.List;
import java.util.stream.Collectors;

/** Creates the files of test projects. */
final class Projects {

  private Projects() {}

  /** Returns the {@code pyproject.toml} of a project named x. */
  static String project(List<String> dependencies, String more) {
    return """
    [project]
    name = "x"
    version = "1.2"
    requires-python = ">=3.12"
    dependencies = [%s]
    %s
    """
        .formatted(
            dependencies.stream().map(each -> '"' + each + '"').collect(Collectors.joining(", ")),
            more);
  }

  static String project(String... dependencies) {
    return project(List.of(dependencies), "");
  }

  /** Returns a project whose only dependency comes from a separate index. */
  static String fromIndex(String name, String url) {
    return project(
        List.of(name),
        """
        [[tool.uv.index]]
        name = "own"
        url = "%s"
        explicit = true
        [tool.uv.sources]
        %s = { index = "own" }
        """
            .formatted(url, name));
  }

  /** Returns a worker with import statements. */
  static String worker(String imports) {
    return """
    from workers import Response, WorkerEntrypoint
    %s
    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response("")
    """
        .formatted(imports);
  }
}
