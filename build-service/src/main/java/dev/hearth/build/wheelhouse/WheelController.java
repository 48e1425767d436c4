package dev.hearth.build.wheelhouse;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.commons.io.input.BoundedInputStream;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Endpoint {@code /wheels}. Only Hearth's own services may call it. */
@RestController
@RequestMapping("/wheels")
class WheelController {

  private static final long LARGEST = 512L << 20;

  private final StoredWheels wheels;

  WheelController(StoredWheels wheels) {
    this.wheels = wheels;
  }

  @GetMapping
  List<StoredWheels.StoredWheel> list() {
    return wheels.list();
  }

  @PutMapping("/{file}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void put(@PathVariable String file, HttpServletRequest request) throws IOException {
    var content = Files.createTempFile("hearth-wheel", ".whl");
    try {
      try (var body =
              BoundedInputStream.builder()
                  .setInputStream(request.getInputStream())
                  .setMaxCount(LARGEST + 1)
                  .get();
          var out = Files.newOutputStream(content)) {
        if (body.transferTo(out) > LARGEST) {
          throw new HearthException(
              ErrorCode.PAYLOAD_TOO_LARGE, "A wheel may have at most 512 MiB.");
        }
      }
      wheels.put(file, content);
    } finally {
      Files.deleteIfExists(content);
    }
  }

  @DeleteMapping("/{file}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable String file) {
    if (!wheels.remove(file)) {
      throw new HearthException(
          ErrorCode.NOT_FOUND,
          "There is no wheel " + file + ". `./hearth wheelhouse list` shows all.");
    }
  }
}
