package dev.hearth.api;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Checks the borders between the packages of this module. */
class BordersTest {

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.hearth.api");

    slices().matching("dev.hearth.api.(**)").should().beFreeOfCycles().check(classes);
  }
}
