package dev.hearth.build;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the build-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class BuildService {

  /** The service, not started yet; {@code standalone} adds its own settings. */
  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(BuildService.class)
        .properties("spring.config.name=build-service");
  }

  static void main(String[] arguments) {
    application().run(arguments);
  }
}
