package dev.hearth.scheduler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Checks the borders between the packages of this service. */
class BordersTest {

  private static final String PURE =
      ".*\\.(Planner|Reconciler|Plan|ClusterState.*|Decision.*|Event.*)";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.hearth.scheduler");

  @Test
  void thePlannerKnowsNoClockDatabaseOrBroker() {
    classes()
        .that()
        .haveNameMatching(PURE)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify..", "dev.hearth.contracts..", "dev.hearth.scheduler.placement")
        .check(CLASSES);
    noClasses()
        .that()
        .haveNameMatching(PURE)
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .check(CLASSES);
  }

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    slices().matching("dev.hearth.scheduler.(**)").should().beFreeOfCycles().check(CLASSES);
  }
}
