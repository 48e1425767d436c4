package dev.hearth.build;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the build-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class BuildService {

  /**
   * Returns the service's application, not started yet, so that {@code standalone} can add
   * settings.
   */
  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(BuildService.class)
        .properties("spring.config.name=build-service");
  }

  static void main(String[] arguments) {
    application().run(arguments);
  }
}
