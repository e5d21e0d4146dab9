// git itself, with the drivers that docs/git.md installs.
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/wait.h>

using namespace apisync;

namespace {

struct ended {
  int status = 0;
  std::string output;
};

std::string read(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The commands of the first block of docs/git.md.
std::string documented_setup() {
  const auto page = std::filesystem::path{__FILE__}.parent_path() / "../../docs/git.md";
  std::ifstream file{page};
  std::string commands;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("    "))
      commands += line.substr(4) + '\n';
    else if (!commands.empty())
      break;
  }
  return commands;
}

/// A repository on a branch `main`, with a user of its own and no one's settings.
class repository {
public:
  repository() {
    must("git init -q -b main .");
    must("git config user.name Tester && git config user.email tester@example.com");
    must(documented_setup());
    must("git add -A && git commit -q -m attributes");
  }

  ended run(const std::string& commands) const {
    const auto script =
        folder_ / "../" + std::filesystem::path{folder_.path()}.filename().string() + ".sh";
    std::ofstream{script} << "exec 2>&1\nset -e\ncd '" << folder_.path() << "'\nexport PATH='"
                          << std::filesystem::path{APISYNC_PROGRAM}.parent_path().string()
                          << "':\"$PATH\" HOME='" << folder_.path()
                          << "' GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat GIT_EDITOR=true\n"
                          << commands;
    ended done;
    FILE* out = ::popen(("sh '" + script + "'").c_str(), "r");
    REQUIRE(out != nullptr);
    char buffer[4096];
    for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, out)) > 0;)
      done.output.append(buffer, count);
    const int status = ::pclose(out);
    done.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    std::filesystem::remove(script);
    return done;
  }

  std::string must(const std::string& commands) const {
    const auto done = run(commands);
    INFO(commands << "\n" << done.output);
    REQUIRE(done.status == 0);
    return done.output;
  }

  void write(const std::string& name, const std::string& text) const { folder_.write(name, text); }
  [[nodiscard]] std::string file(const std::string& name) const { return read(folder_ / name); }

  /// Commits three versions of a file: `main` has ours, `topic` theirs; `main` is checked out.
  void diverge(const std::string& name, const std::string& base, const std::string& ours,
               const std::string& theirs) const {
    write(name, base);
    must("git add -A && git commit -q -m base && git checkout -q -b topic");
    write(name, theirs);
    must("git commit -q -a -m theirs && git checkout -q main");
    write(name, ours);
    must("git commit -q -a -m ours");
  }

private:
  test::scratch_directory folder_;
};

std::string spec(const std::string& version, const std::string& title,
                 const std::string& parameters, const std::string& more = {}) {
  return "openapi: 3.0.3 # the standard\ninfo:\n  title:   \"" + title +
         "\"\n  version: " + version +
         "\n\n# what there is\npaths:\n  /bills:\n    get:\n      parameters:\n" + parameters +
         "      responses: {'200': {description: fine}}\n" + more;
}

const std::string limit = "      - {name: limit, in: query, schema: {type: integer}}\n";
const std::string since = "      - name: since # a day\n        in: query\n        schema:\n"
                          "          type: string\n";
const std::string until =
    "      - name: until\n        in: query\n        schema: {type: string}\n";
const std::string removal = "    delete:\n      responses: {'204': {description: gone}}\n";

} // namespace

TEST_CASE("git merges what conflicts in lines only, and the file keeps its comments and quotes",
          "[git]") {
  const repository repo;
  repo.diverge("openapi.yaml", spec("1.0.0", "Bills", limit), spec("1.0.0", "Bills", limit + since),
               spec("1.1.0", "Bills", limit + until, removal));
  const auto merged = repo.run("git merge topic");
  INFO(merged.output);
  REQUIRE(merged.status == 0);
  const auto text = repo.file("openapi.yaml");
  INFO(text);
  const bool since_first = text == spec("1.1.0", "Bills", limit + since + until, removal);
  const bool until_first = text == spec("1.1.0", "Bills", limit + until + since, removal);
  CHECK((since_first || until_first));
  CHECK(repo.must("git status --porcelain").empty());
}

TEST_CASE("a contested place stands between git's markers; settled and merged again, all is well",
          "[git]") {
  const repository repo;
  repo.diverge("openapi.yaml", spec("1.0.0", "Bills", limit), spec("1.1.0", "Bills", limit + since),
               spec("1.2.0", "Invoices", limit));
  REQUIRE(repo.run("git merge topic").status == 1);
  const std::string marks = "<<<<<<< current\n  version: 1.1.0\n||||||| base\n  version: 1.0.0\n"
                            "=======\n  version: 1.2.0\n>>>>>>> incoming\n";
  auto expected = spec("1.1.0", "Invoices", limit + since);
  expected.replace(expected.find("  version: 1.1.0\n"), 17, marks);
  CHECK(repo.file("openapi.yaml") == expected);
  CHECK(repo.must("git status --porcelain") == "UU openapi.yaml\n");

  repo.must("git merge --abort");
  CHECK(repo.file("openapi.yaml") == spec("1.1.0", "Bills", limit + since));
  const auto again = repo.run("git merge topic");
  CHECK(again.status == 1);
  CHECK(again.output.find("openapi.yaml: conflict edit/edit at /info/version") !=
        std::string::npos);
  CHECK(repo.file("openapi.yaml") == expected);

  repo.write("openapi.yaml", spec("1.2.0", "Invoices", limit + since));
  repo.must("git commit -q -a -m settled");
  CHECK(repo.must("git merge topic").find("Already up to date") != std::string::npos);
}

TEST_CASE("a file that is no specification is merged as git merges texts", "[git]") {
  const repository repo;
  repo.diverge("openapi.yaml", "a: [1\nb\nc\nd\n", "a: [2\nb\nc\nd\n", "a: [1\nb\nc\nd: [\n");
  const auto clean = repo.run("git merge topic");
  INFO(clean.output);
  CHECK(clean.status == 0);
  CHECK(clean.output.find("merged line by line") != std::string::npos);
  CHECK(repo.file("openapi.yaml") == "a: [2\nb\nc\nd: [\n");

  const repository other;
  other.diverge("openapi.yaml", "steps: 1\n", "steps: 2\n", "steps: 3\n");
  CHECK(other.run("git merge topic").status == 1);
  CHECK(other.file("openapi.yaml") == "<<<<<<< current\nsteps: 2\n||||||| base\nsteps: 1\n=======\n"
                                      "steps: 3\n>>>>>>> incoming\n");
}

TEST_CASE("a rebase merges each commit, and git diff says what a change breaks", "[git]") {
  const repository repo;
  repo.diverge("openapi.yaml", spec("1.0.0", "Bills", limit, removal),
               spec("1.0.0", "Bills", limit + since, removal), spec("1.1.0", "Bills", limit));
  repo.must("git checkout -q topic && git rebase -q main");
  CHECK(repo.file("openapi.yaml") == spec("1.1.0", "Bills", limit + since));
  const auto difference = repo.must("git diff HEAD~1");
  INFO(difference);
  CHECK(difference.find("DELETE /bills") != std::string::npos);
  CHECK(difference.find("+++") == std::string::npos);
  CHECK(repo.must("git diff HEAD~3 -- openapi.yaml").find("+openapi: 3.0.3") != std::string::npos);
}
