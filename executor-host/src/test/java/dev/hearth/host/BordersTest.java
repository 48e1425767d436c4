package dev.hearth.host;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Checks the borders between the packages of the host. */
class BordersTest {

  private static final JavaClasses CLASSES = importClasses();

  private static JavaClasses importClasses() {
    // Reading the classes of other libraries, above all GraalPy's, would take seconds.
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    try {
      return new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.hearth.host");
    } finally {
      ArchConfiguration.get().reset();
    }
  }

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    slices().matching("dev.hearth.host.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void callsKnowNoInterpreterAndWallsKnowNobody() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.hearth.host..")
        .layer("main")
        .definedBy("dev.hearth.host")
        .layer("server")
        .definedBy("dev.hearth.host.server")
        .layer("instance")
        .definedBy("dev.hearth.host.instance")
        .layer("call")
        .definedBy("dev.hearth.host.call")
        .layer("interpreter")
        .definedBy("dev.hearth.host.interpreter")
        .layer("isolation")
        .definedBy("dev.hearth.host.isolation")
        .whereLayer("main")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("server")
        .mayOnlyBeAccessedByLayers("main")
        .whereLayer("instance")
        .mayOnlyBeAccessedByLayers("main", "server")
        .whereLayer("call")
        .mayOnlyBeAccessedByLayers("server", "instance")
        .whereLayer("interpreter")
        .mayOnlyBeAccessedByLayers("main", "server", "instance")
        .whereLayer("isolation")
        .mayOnlyBeAccessedByLayers("main", "instance", "interpreter")
        .check(CLASSES);
  }
}
