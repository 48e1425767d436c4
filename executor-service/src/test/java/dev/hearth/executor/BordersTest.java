package dev.hearth.executor;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Checks the borders between the packages of this service. */
class BordersTest {

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.hearth.executor");

    slices().matching("dev.hearth.executor.(*)..").should().beFreeOfCycles().check(classes);
  }
}
