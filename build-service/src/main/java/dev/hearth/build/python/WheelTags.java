package dev.hearth.build.python;

import java.util.List;

/**
 * The wheels that one Python can install. uv's choice is authoritative, so a wheel is chosen
 * without uv only if it is certain and no other wheel is possible.
 *
 * @param certain tags of wheels that uv installs on every node, most specific first
 * @param possible tags of wheels that uv installs on some machines, most specific first
 */
public record WheelTags(List<WheelTag> certain, List<WheelTag> possible) {

  public WheelTags {
    certain = List.copyOf(certain);
    possible = List.copyOf(possible);
  }

  /** Returns true if every node can use the wheel. */
  public boolean areCertainOf(WheelName wheel) {
    return certain.stream().anyMatch(tag -> tag.matches(wheel));
  }

  /** Returns the tags of a native wheel as an example for error messages. */
  public String nativeExample() {
    var tag = certain.getFirst();
    return "%s-%s-linux_x86_64".formatted(tag.python(), tag.abi());
  }

  /** Returns true if uv may choose the wheel on some machine. */
  public boolean mayInclude(WheelName wheel) {
    return possible.stream().anyMatch(tag -> tag.matches(wheel));
  }
}
