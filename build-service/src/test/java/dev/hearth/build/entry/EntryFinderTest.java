package dev.hearth.build.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.build.entry.EntryFinder.Entry;
import dev.hearth.contracts.Convention;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryFinderTest {

  @TempDir Path folder;

  private void write(String name, String source) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
  }

  private Entry find() {
    return EntryFinder.find(folder, Optional.empty());
  }

  private void assertRefused(ErrorCode code, String part) {
    assertThatThrownBy(this::find)
        .isInstanceOfSatisfying(
            HearthException.class, refused -> assertThat(refused.code()).isEqualTo(code))
        .hasMessageContaining(part);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "main.py|class Default(WorkerEntrypoint): pass|main:Default|WORKERS",
        "main.py|class Default(workers.WorkerEntrypoint): pass|main:Default|WORKERS",
        "src/main.py|app = FastAPI()|main:app|ASGI",
        "app.py|app: Flask = flask.Flask(__name__)|app:app|WSGI",
        "handler.py|def handler(event, context): pass|handler:handler|LAMBDA",
        "worker.py|async def serve(scope, receive, send): pass|worker:serve|ASGI",
        "app.py|def application(environ, start_response): pass|app:application|WSGI",
        "app.py|app = create_app()|app:app|AUTO",
        "app/__init__.py|app = Starlette()|app:app|ASGI",
        "src/tea/__init__.py|app = Starlette()|tea:app|ASGI",
      })
  void findsTheConventionByLookingAtTheCode(
      String file, String source, String name, Convention convention) throws IOException {
    write(file, source);

    assertThat(find()).isEqualTo(new Entry(name, convention));
  }

  @Test
  void parsesThePlatformsPython() throws IOException {
    write(
        "main.py",
        """
        type Names = list[str]
        app = FastAPI(title=f"{"nested"}")
        """);

    assertThat(find().name()).isEqualTo("main:app");
  }

  @Test
  void takesOneOfTwoNamesOfTheSameApplication() throws IOException {
    write("main.py", "app = application = bottle.default_app()\n");

    assertThat(find()).isEqualTo(new Entry("main:app", Convention.AUTO));
  }

  @Test
  void doesNotTakeAnImportedAppForASecondOne() throws IOException {
    write("main.py", "from app import app\n");
    write("app.py", "app = FastAPI()\n");

    assertThat(find().name()).isEqualTo("app:app");
  }

  @Test
  void refusesCodeWithoutEntry() throws IOException {
    write("main.py", "print('hello')\n");

    assertRefused(ErrorCode.ENTRY_NOT_FOUND, "[tool.hearth] entry");
  }

  @Test
  void refusesTwoEntriesAndNamesThem() throws IOException {
    write("main.py", "app = FastAPI()\n");
    write("handler.py", "def handler(event, context): pass\n");

    assertRefused(ErrorCode.ENTRY_AMBIGUOUS, "main:app, handler:handler");
  }

  @Test
  void saysWhereTheSyntaxIsWrong() throws IOException {
    write("main.py", "x = 1\ndef broken(:\n  pass\n");

    assertRefused(ErrorCode.SYNTAX_ERROR, "main.py, line 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "not ", "(", "lambda: ", "1 if 1 else "})
  void refusesCodeThatIsNestedTooDeeply(String part) throws IOException {
    write("main.py", "x = " + part.repeat(20_000) + "1\n");

    assertRefused(ErrorCode.SYNTAX_ERROR, "main.py");
  }

  @Test
  void refusesAModuleThatIsTooLargeToParse() throws IOException {
    write("main.py", "import aa\n".repeat(30_000));

    assertRefused(
        ErrorCode.ENTRY_NOT_FOUND,
        "main.py is 292 KiB long, but entries are searched only in modules of");
  }

  @Test
  void takesANamedEntryOfAModuleThatIsTooLargeToParse() throws IOException {
    write("main.py", "import aa\n".repeat(30_000));

    assertThat(EntryFinder.find(folder, Optional.of("main:app")))
        .isEqualTo(new Entry("main:app", Convention.AUTO));
  }

  @ParameterizedTest
  @CsvSource({
    "from web.views import app, main:app",
    "from .functions import other as handler, main:handler",
  })
  void takesAnObjectImportedUnderAConventionalName(String source, String name) throws IOException {
    write("main.py", source);

    assertThat(find()).isEqualTo(new Entry(name, Convention.AUTO));

    write("app.py", "app = FastAPI()");
    assertThat(find().name()).isEqualTo("app:app");
  }

  @Test
  void takesTheEntryThatTheUserNames() throws IOException {
    write("main.py", "app = FastAPI()\ndef handler(event, context): pass\n");

    assertThat(EntryFinder.find(folder, Optional.of("main:handler")))
        .isEqualTo(new Entry("main:handler", Convention.LAMBDA));
  }

  @ParameterizedTest
  @ValueSource(strings = {"main.app", "..:x", "a:1", "a..b:c", ":", "a:b:c"})
  void refusesAMalformedEntryName(String name) {
    assertThatThrownBy(() -> EntryFinder.find(folder, Optional.of(name)))
        .hasMessageContaining("module:attribute");
  }
}
