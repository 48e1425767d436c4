package dev.hearth.executor;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts the executor-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class ExecutorService {

  /** Returns the service before its start; {@code standalone} adds settings of its own. */
  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(ExecutorService.class)
        .properties("spring.config.name=executor-service");
  }

  static void main(String[] arguments) {
    application().run(arguments);
  }
}
