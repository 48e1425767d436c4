package dev.hearth.build.reach;

import com.oracle.graal.python.pegparser.tokenizer.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One call expression in a source: {@code a.b(c).name(first, key=value)}. */
final class Call {

  /** Largest number of tokens before a call's name that are read. */
  private static final int LONGEST_RECEIVER = 200;

  private final Tokens tokens;
  private final int name;
  private final int end;
  private final List<Integer> arguments = new ArrayList<>();

  /**
   * Reads a call.
   *
   * @param name the token before the opening bracket
   */
  Call(Tokens tokens, int name) {
    this.tokens = tokens;
    this.name = name;
    this.end = tokens.partner(name + 1);
    for (var at = name + 2; at < end; at = behindArgument(at)) {
      arguments.add(at);
    }
  }

  private int behindArgument(int begin) {
    var at = begin;
    while (at < end && tokens.kind(at) != Kind.COMMA) {
      at = tokens.isOpening(at) ? tokens.partner(at) + 1 : at + 1;
    }
    return at + 1;
  }

  /** Returns the index of the token that is the function's name. */
  int at() {
    return name;
  }

  /** Returns the function's name without its receiver. */
  String name() {
    return tokens.text(name);
  }

  /** Returns true if the call has the form {@code object.attribute.name()}. */
  boolean isOn(String object, String attribute) {
    return tokens.isName(name - 2, attribute) && tokens.isName(name - 4, object);
  }

  /** Returns the number of arguments. */
  int arguments() {
    return arguments.size();
  }

  /** Returns an argument's value, if it is one string literal. */
  Optional<String> text(int argument) {
    return argument < arguments.size() ? textAt(arguments.get(argument)) : Optional.empty();
  }

  /** Returns true if the call has an argument with this keyword. */
  boolean has(String key) {
    return argument(key).isPresent();
  }

  /** Returns the value of the argument with this keyword, if it is one string literal. */
  Optional<String> text(String key) {
    return argument(key).flatMap(at -> textAt(at + 2));
  }

  private Optional<Integer> argument(String key) {
    return arguments.stream()
        .filter(at -> tokens.isName(at, key) && tokens.kind(at + 1) == Kind.EQUAL)
        .findFirst();
  }

  private Optional<String> textAt(int at) {
    if (tokens.kind(at) != Kind.STRING) {
      return Optional.empty();
    }
    var behind = tokens.literalEnd(at);
    return behind == end || tokens.kind(behind) == Kind.COMMA
        ? tokens.literal(at, behind)
        : Optional.empty();
  }

  /** Returns true if the arguments use one of the names, other than as an attribute. */
  boolean mentions(Set<String> names) {
    return IntStream.range(receiver(), end)
        .anyMatch(at ->
            tokens.kind(at) == Kind.NAME
                && tokens.kind(at - 1) != Kind.DOT
                && names.contains(tokens.text(at)));
  }

  /** Returns the index of the first token of the expression whose method is called. */
  private int receiver() {
    var at = name;
    while (tokens.kind(at - 1) == Kind.DOT && name - at < LONGEST_RECEIVER) {
      at -= 2;
      while (tokens.kind(at) == Kind.RPAR || tokens.kind(at) == Kind.RSQB) {
        at = tokens.partner(at) - 1;
      }
    }
    return Math.max(at, 0);
  }

  /** Returns all string literals in the arguments. */
  Stream<String> texts() {
    return IntStream.range(name, end)
        .filter(at -> tokens.kind(at) == Kind.STRING || tokens.kind(at) == Kind.FSTRING_MIDDLE)
        .mapToObj(at -> tokens.literal(at, at + 1))
        .flatMap(Optional::stream);
  }
}
