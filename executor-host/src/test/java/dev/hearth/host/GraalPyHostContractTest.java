package dev.hearth.host;

import dev.hearth.testkit.contract.HostContractTest;
import dev.hearth.testkit.contract.TestedHost;
import java.nio.file.Path;

/** Runs the host contract against GraalPy's host as a process. */
class GraalPyHostContractTest extends HostContractTest {

  @Override
  protected TestedHost boot(Path folder) throws Exception {
    return GraalPyHost.boot(folder);
  }

  @Override
  protected String unstoppable() {
    return "sum(range(10**13))";
  }
}
