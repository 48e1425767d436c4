package dev.hearth.build.entry;

import com.oracle.graal.python.pegparser.sst.ExprTy;
import com.oracle.graal.python.pegparser.sst.StmtTy;
import dev.hearth.build.entry.ModuleNames.Binding;
import dev.hearth.contracts.Convention;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Functions that Google's functions-framework calls, known by their decorators. */
enum FrameworkFunction {
  /** Answers HTTP requests as a part of Flask's application. */
  FLASK,
  /** Answers HTTP requests as a part of Starlette's application. */
  STARLETTE,
  /** Takes CloudEvents, which nothing delivers yet. */
  EVENT;

  private static final Map<String, FrameworkFunction> DECORATORS =
      Map.of(
          "functions_framework.http", FLASK,
          "functions_framework.typed", FLASK,
          "functions_framework.cloud_event", EVENT,
          "functions_framework.aio.http", STARLETTE,
          "functions_framework.aio.cloud_event", EVENT);

  /** Returns what the framework makes of a binding, if that is a function of the framework's. */
  static Optional<FrameworkFunction> of(ModuleNames module, Binding binding) {
    return switch (binding) {
      case Binding.Definition(StmtTy.FunctionDef function) -> of(module, function.decoratorList);
      case Binding.Definition(StmtTy.AsyncFunctionDef function) ->
          of(module, function.decoratorList);
      default -> Optional.empty();
    };
  }

  private static Optional<FrameworkFunction> of(
      ModuleNames module, ExprTy @Nullable [] decorators) {
    return decorators == null
        ? Optional.empty()
        : Arrays.stream(decorators)
            .flatMap(
                decorator -> Stream.ofNullable(DECORATORS.get(module.absolute(dotted(decorator)))))
            .findFirst();
  }

  private static String dotted(ExprTy expression) {
    return switch (expression) {
      case ExprTy.Name name -> name.id;
      case ExprTy.Attribute attribute -> dotted(attribute.value) + "." + attribute.attr;
      case ExprTy.Call call -> dotted(call.func);
      default -> "";
    };
  }

  /** Returns the convention by which an instance calls the framework's application. */
  Optional<Convention> convention() {
    return switch (this) {
      case FLASK -> Optional.of(Convention.WSGI);
      // The instance asks the framework, which WSGI and AUTO let it do.
      case STARLETTE -> Optional.of(Convention.AUTO);
      case EVENT -> Optional.empty();
    };
  }

  /** Returns the error for a function that takes events. */
  static HearthException refused(String entry) {
    return new HearthException(
        ErrorCode.ENTRY_NOT_FOUND,
        "%s takes events (@functions_framework.cloud_event), which Hearth does not deliver yet. Only functions with @functions_framework.http or @functions_framework.typed can be deployed."
            .formatted(entry));
  }
}
