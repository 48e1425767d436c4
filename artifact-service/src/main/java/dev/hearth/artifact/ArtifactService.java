package dev.hearth.artifact;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the artifact-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ArtifactService {

  /**
   * Returns the service's application, not started yet, so that {@code standalone} can add
   * settings.
   */
  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(ArtifactService.class)
        .properties("spring.config.name=artifact-service");
  }

  static void main(String[] arguments) {
    application().run(arguments);
  }
}
