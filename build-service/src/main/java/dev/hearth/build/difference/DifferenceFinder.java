package dev.hearth.build.difference;

import dev.hearth.build.pack.Content;
import dev.hearth.build.reach.Use;
import dev.hearth.build.reach.UseScanner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** Finds uses of the standard library in the user's code that GraalPy does not serve as CPython. */
public final class DifferenceFinder {

  private DifferenceFinder() {}

  /**
   * A place in the user's code.
   *
   * @param path path of the file
   * @param line line in the file, from 1
   * @param difference a sentence that says what happens there, and what to use instead
   */
  public record Place(String path, int line, String difference) {

    /** Returns a line for the build's log. */
    public String message() {
      return "warning: %s:%d: %s".formatted(path, line, difference);
    }
  }

  /** Searches files; reports each difference once for each file. */
  public static List<Place> find(SortedMap<String, Content> files) {
    var places = new ArrayList<Place>();
    files.forEach((path, file) -> {
      var seen = new HashSet<Difference>();
      for (var use : UseScanner.scan(file)) {
        for (var difference : Differences.all()) {
          if (isMet(difference, use) && seen.add(difference)) {
            places.add(new Place(path, use.line(), difference.sentence()));
          }
        }
      }
    });
    return List.copyOf(places);
  }

  private static boolean isMet(Difference difference, Use use) {
    if (use.format().isEmpty()) {
      return difference.concerns(use.name());
    }
    return difference.isFormat()
        && Pattern.compile(difference.pattern()).matcher(use.format().replace("%%", "")).find();
  }
}
