package dev.hearth.scheduler;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts the scheduler-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class SchedulerService {

  /** Returns the service before its start; {@code standalone} adds its own settings. */
  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(SchedulerService.class)
        .properties("spring.config.name=scheduler-service");
  }

  static void main(String[] arguments) {
    application().run(arguments);
  }
}
