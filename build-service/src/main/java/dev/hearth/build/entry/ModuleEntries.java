package dev.hearth.build.entry;

import com.oracle.graal.python.pegparser.sst.ExprTy;
import com.oracle.graal.python.pegparser.sst.StmtTy;
import dev.hearth.build.entry.EntryFinder.Entry;
import dev.hearth.contracts.Convention;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the entries that one module's top-level statements define. */
final class ModuleEntries {

  private static final Map<String, Convention> FRAMEWORKS =
      Map.ofEntries(
          Map.entry("FastAPI", Convention.ASGI),
          Map.entry("Starlette", Convention.ASGI),
          Map.entry("Quart", Convention.ASGI),
          Map.entry("Litestar", Convention.ASGI),
          Map.entry("get_asgi_application", Convention.ASGI),
          Map.entry("Flask", Convention.WSGI),
          Map.entry("Bottle", Convention.WSGI),
          Map.entry("get_wsgi_application", Convention.WSGI));

  private static final List<String> APPLICATION_NAMES = List.of("app", "application");
  private static final List<String> HANDLER_NAMES = List.of("handler", "lambda_handler");

  private ModuleEntries() {}

  static List<Entry> find(Path folder, Path file, String module) {
    var statements = PythonSource.parse(folder, file);
    var found = new ArrayList<Entry>();
    for (var statement : statements) {
      var entry = entry(statement, module);
      if (entry != null && found.stream().noneMatch(known -> known.name().equals(entry.name()))) {
        found.add(entry);
      }
    }
    return found;
  }

  private static @Nullable Entry entry(StmtTy statement, String module) {
    return switch (statement) {
      case StmtTy.ClassDef type when isWorker(type) ->
          new Entry(module + ":" + type.name, Convention.WORKERS);
      case StmtTy.Assign assign ->
          Arrays.stream(assign.targets)
              .map(target -> application(target, assign.value, module))
              .filter(Objects::nonNull)
              .findFirst()
              .orElse(null);
      case StmtTy.AnnAssign assign when assign.value != null ->
          application(assign.target, assign.value, module);
      case StmtTy.AsyncFunctionDef function ->
          function(function.name, parameters(function.args), module, true);
      case StmtTy.FunctionDef function ->
          function(function.name, parameters(function.args), module, false);
      default -> null;
    };
  }

  private static boolean isWorker(StmtTy.ClassDef type) {
    return type.bases != null
        && Arrays.stream(type.bases).anyMatch(base -> lastName(base).equals("WorkerEntrypoint"));
  }

  private static @Nullable Entry application(ExprTy target, ExprTy value, String module) {
    if (!(target instanceof ExprTy.Name name)) {
      return null;
    }
    if (value instanceof ExprTy.Call call) {
      var convention = FRAMEWORKS.get(lastName(call.func));
      if (convention != null) {
        return new Entry(module + ":" + name.id, convention);
      }
      if (APPLICATION_NAMES.contains(name.id)) {
        return new Entry(module + ":" + name.id, Convention.AUTO);
      }
    }
    return null;
  }

  private static @Nullable Entry function(
      String name, List<String> parameters, String module, boolean asynchronous) {
    if (HANDLER_NAMES.contains(name) && parameters.size() == 2) {
      return new Entry(module + ":" + name, Convention.LAMBDA);
    }
    if (asynchronous && parameters.equals(List.of("scope", "receive", "send"))) {
      return new Entry(module + ":" + name, Convention.ASGI);
    }
    if (!asynchronous && parameters.equals(List.of("environ", "start_response"))) {
      return new Entry(module + ":" + name, Convention.WSGI);
    }
    return null;
  }

  private static List<String> parameters(
      com.oracle.graal.python.pegparser.sst.@Nullable ArgumentsTy arguments) {
    if (arguments == null || arguments.args == null) {
      return List.of();
    }
    return Arrays.stream(arguments.args).map(argument -> argument.arg).toList();
  }

  private static String lastName(ExprTy expression) {
    return switch (expression) {
      case ExprTy.Name name -> name.id;
      case ExprTy.Attribute attribute -> attribute.attr;
      default -> "";
    };
  }
}
