package dev.hearth.artifact;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the artifact-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ArtifactService {

  /** The service, not started yet; {@code standalone} adds its own settings. */
  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(ArtifactService.class)
        .properties("spring.config.name=artifact-service");
  }

  static void main(String[] arguments) {
    application().run(arguments);
  }
}
