package dev.hearth.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Checks the borders between the packages of this service. */
class BordersTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.hearth.api");

  @Test
  void routesComeIntoEffectWithoutDatabase() {
    classes()
        .that()
        .haveNameMatching(
            ".*\\.(RouteTable|RouteConfiguration|RouteAcknowledgements|GatewayWarmer)")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages("org.springframework.jdbc..", "java.sql..", "..api.revision..")
        .check(CLASSES);
  }

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    slices().matching("dev.hearth.api.(**)").should().beFreeOfCycles().check(CLASSES);
  }
}
