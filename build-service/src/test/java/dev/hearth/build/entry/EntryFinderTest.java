package dev.hearth.build.entry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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
        "src/entry.py|class Default(WorkerEntrypoint): pass|entry:Default|WORKERS",
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
  @ValueSource(strings = {"web.main.process", "web/main.process", "web.main:process"})
  void takesAnEntryAsLambdaWritesIt(String name) throws IOException {
    write("web/main.py", "def process(event, context, table=None): pass\n");

    assertThat(EntryFinder.find(folder, Optional.of(name)))
        .isEqualTo(new Entry("web.main:process", Convention.LAMBDA));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "import functions_framework\\n@functions_framework.http\\ndef hello(request): pass|WSGI",
        "import functions_framework as ff\\n@ff.typed(Tea)\\ndef hello(tea): pass|WSGI",
        "from functions_framework import typed\\n@typed\\ndef hello(tea: Tea): pass|WSGI",
        "import functions_framework.aio\\n@functions_framework.aio.http\\nasync def hello(request): pass|AUTO",
      })
  void findsFunctionsOfFunctionsFramework(String source, Convention convention) throws IOException {
    write("main.py", source.replace("\\n", "\n"));

    assertThat(find()).isEqualTo(new Entry("main:hello", convention));
    assertThat(EntryFinder.find(folder, Optional.of("main:hello"))).isEqualTo(find());
  }

  @Test
  void refusesAFunctionThatTakesEvents() throws IOException {
    write(
        "main.py",
        """
        from functions_framework import cloud_event
        @cloud_event
        def on_event(event): pass
        """);

    assertRefused(ErrorCode.ENTRY_NOT_FOUND, "main:on_event takes events");
    assertThatThrownBy(() -> EntryFinder.find(folder, Optional.of("main.on_event")))
        .hasMessageContaining("@functions_framework.http");
  }

  @ParameterizedTest
  @ValueSource(strings = {"main.app", "..:x", "a:1", "a..b:c", ":", "a:b:c"})
  void refusesAMalformedEntryName(String name) {
    assertThatThrownBy(() -> EntryFinder.find(folder, Optional.of(name)))
        .hasMessageContaining("module:attribute");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inner = FastAPI()\napp: ASGIApp = Wrapper(inner)",
        "fast = FastAPI()\napp = CORSMiddleware(fast, allow_origins=['*'])",
        "api = FastAPI()\napp = Starlette(routes=[\n  Mount('/api', app=api),\n])",
        "admin = FastAPI()\napp = FastAPI()\napp.mount('/admin', admin)",
        "app = FastAPI()\nadmin = FastAPI()\nif True:\n  app.mount('/admin', admin)",
        "flask = Flask(__name__)\napp = FastAPI()\napp.mount('/', WSGIMiddleware(flask))",
        "app = Flask(__name__)\nold = Flask('old')\napp.wsgi_app = Dispatcher(app.wsgi_app, {'/old': old})",
        "inner = FastAPI()\nasync def app(scope, receive, send):\n  await inner(scope, receive, send)",
        "import api.main\napp = FastAPI()\napp.mount('/api', api.main.app)",
        "from worker import app as inner\napp = Wrapper(inner)",
        "app = None\nwith contextlib.suppress(KeyError):\n  app = create_app()",
        "if DEBUG: app = create_app()\nelse: app = create_app()",
        "try:\n  app = create_app()\nexcept ImportError:\n  raise",
        "try:\n  import fast\nexcept ImportError:\n  app = slow()\nelse:\n  app = fast.app",
        "match MODE:\n  case 'a': app = create_app('a')\n  case _: app = create_app('b')",
        "with settings() as found, create() as app: pass",
        "def create_app(): return FastAPI()\nif (app := create_app()): pass",
        "def create_app(): return FastAPI()\nprint(app := create_app())",
        "def create_app(): return FastAPI()\nfor app in [create_app()]: pass",
        "app, database = create()",
        "app = apps['main']",
        "from web.server import *",
        "from web.stars import *",
        "from web import create\napp = create()\nhandler = Mangum(app)",
        "app = FastAPI()\ncli = Typer()\nif __name__ == '__main__':\n  app = cli",
      })
  void takesTheOutermostApplicationHoweverItIsBound(String source) throws IOException {
    write("web/__init__.py", "");
    write("web/server.py", "app = FastAPI()\n");
    write("web/stars.py", "from web.server import *\n");
    write("api/main.py", "app = FastAPI()\n");
    write("worker.py", source.contains("worker") ? "app = FastAPI()\n" : "");
    write("main.py", source);

    assertThat(find().name()).isEqualTo("main:app");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app = FastAPI()\\nclass Default(WorkerEntrypoint):\\n  pass|main:Default|WORKERS",
        "class Api(WorkerEntrypoint): pass\\nclass Default(WorkerEntrypoint): pass|main:Default|WORKERS",
        "from workers import WorkerEntrypoint as W\\nclass Default(W): pass|main:Default|WORKERS",
        "app = FastAPI()\\nDefault = asgi.entrypoint(app)|main:Default|AUTO",
        "app = FastAPI()\\nasync def on_fetch(request): return await asgi.fetch(app, request)|main:on_fetch|WORKERS",
        "from workers import handler\\n@handler\\ndef on_fetch(request, env, ctx): pass|main:on_fetch|WORKERS",
        "app = Resolver()\\ndef lambda_handler(event, context):\\n  return app.resolve(event, context)|main:lambda_handler|LAMBDA",
        "def handler(event, context, table=None): pass|main:handler|LAMBDA",
        "def handler(event, context=None): pass|main:handler|LAMBDA",
        "handler = partial(run, table=1)|main:handler|AUTO",
        "app = Flask(__name__)\\napp = WsgiToAsgi(app)|main:app|AUTO",
        "async def app(s, r, t): pass|main:app|ASGI",
        "def create_app(config=None): pass|main:create_app|AUTO",
        "from workers import handler\\n@handler\\nasync def on_fetch(request, env, ctx): pass|main:on_fetch|WORKERS",
        "app = Celery()\\nserver = Flask(__name__)|main:server|WSGI",
      })
  void choosesBetweenSeveral(String source, String name, Convention convention) throws IOException {
    write("main.py", source.replace("\\n", "\n"));

    assertThat(find()).isEqualTo(new Entry(name, convention));
  }

  @Test
  void recommendsTheApplicationWithTheUsualName() throws IOException {
    write("main.py", "metrics = FastAPI()\napp = FastAPI()\n");

    assertRefused(
        ErrorCode.ENTRY_AMBIGUOUS,
        "main:metrics, main:app. Name the one to use: [tool.hearth] entry = \"main:app\"");
  }

  @ParameterizedTest
  @CsvSource({
    "solver/main.py, solver.main:app",
    "src/tea/api.py, tea.api:app",
    "a/b/c.py, a.b.c:app"
  })
  void suggestsAnApplicationElsewhere(String file, String name) throws IOException {
    write("src/tea/__init__.py", "def main(): print('hello')\n");
    write("tests/test_app.py", "app = FastAPI()\n");
    write(file, "app = FastAPI()\n");

    assertRefused(ErrorCode.ENTRY_NOT_FOUND, "entry = \"%s\"".formatted(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backend.mian:app|\"backend.main:app\" (backend/main.py)",
        "bakend.main:app|\"backend.main:app\" (backend/main.py)",
        "backend.main:ap|backend/main.py does not define ap. Did you mean \"backend.main:app\"?",
        "backend/main.py:app|Did you mean \"backend.main:app\"?",
        "./backend/main.py:app|Did you mean \"backend.main:app\"?",
        "backend.main|Did you mean \"backend.main:app\"?",
        "backend.tools:app|It defines helper.",
        "backend.tools:helper|takes one argument, config",
      })
  void saysWhatIsThereInPlaceOfAWrongName(String named, String part) throws IOException {
    write("backend/main.py", "app = FastAPI()\n");
    write("backend/tools.py", "def helper(config): pass\n");

    assertThatThrownBy(
            () -> {
              var entry = EntryFinder.find(folder, Optional.of(named));
              throw EntryFinder.unknownModule(folder, entry.name());
            })
        .hasMessageContaining(part);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from elsewhere import *",
        "def __getattr__(name): return FastAPI()",
        "globals()['app'] = FastAPI()",
        "def start():\n  global app\n  app = FastAPI()\nstart()",
      })
  void trustsANameThatMayBeBoundAtRunTime(String source) throws IOException {
    write("main.py", source);

    assertThat(EntryFinder.find(folder, Optional.of("main:app")).name()).isEqualTo("main:app");
  }

  @Test
  void readsSourcesInTheirDeclaredEncoding() throws IOException {
    Files.write(
        folder.resolve("main.py"),
        "# -*- coding: latin-1 -*-\nNAME = '\u00e9'\napp = FastAPI()\n".getBytes(ISO_8859_1));

    assertThat(find().name()).isEqualTo("main:app");
  }

  @ParameterizedTest
  @CsvSource({"'', is not UTF-8 text", "# coding: klingon, declares the unknown encoding klingon"})
  void saysWhichEncodingASourceLacks(String declaration, String part) throws IOException {
    Files.write(
        folder.resolve("main.py"), (declaration + "\nNAME = '\u00e9'\n").getBytes(ISO_8859_1));

    assertRefused(ErrorCode.SYNTAX_ERROR, "main.py " + part);
  }
}
