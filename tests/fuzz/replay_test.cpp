// Every fuzzer over its seeds, which hold what fuzzing has found, and over some mutations of them.
#include "tests/fuzz/fuzz.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

using namespace apisync;

namespace {

struct target {
  const char* name;
  void (*run)(std::string_view);
};

constexpr std::array targets{
    target{"json", fuzz::json},       target{"yaml", fuzz::yaml},
    target{"diff", fuzz::diff},       target{"references", fuzz::references},
    target{"merge", fuzz::merge},     target{"json_path", fuzz::json_path},
    target{"overlay", fuzz::overlay}, target{"bundle", fuzz::bundle},
    target{"rewrite", fuzz::rewrite}, target{"config", fuzz::config},
    target{"words", fuzz::words},     target{"http_head", fuzz::http_head},
    target{"block", fuzz::block},     target{"answer", fuzz::answer},
    target{"page", fuzz::page},
};

std::vector<std::string> seeds_of(const std::string& name) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator{APISYNC_FUZZ_SEEDS "/" + name})
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const auto& path : paths) {
    std::ifstream file{path, std::ios::binary};
    seeds.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
  }
  return seeds;
}

std::string mutated(std::string text, std::mt19937& random) {
  for (auto edits = 1 + random() % 3; edits > 0; --edits) {
    const auto at = random() % (text.size() + 1);
    const auto length = std::min<std::size_t>(random() % 4, text.size() - at);
    const auto from = text.size() < 4 ? 0 : random() % (text.size() - 3);
    text.replace(at, length,
                 random() % 2 == 0 ? std::string(1, static_cast<char>(random() % 256))
                                   : text.substr(from, 3));
  }
  return text;
}

} // namespace

TEST_CASE("no law breaks on the seeds of the fuzzers") {
  for (const auto& [name, run] : targets) {
    const auto seeds = seeds_of(name);
    CHECK(seeds.size() >= 3);
    for (std::size_t i = 0; i < seeds.size(); ++i) {
      INFO(name << ", seed " << i << ": " << seeds[i]);
      REQUIRE_NOTHROW(run(seeds[i]));
    }
  }
}

TEST_CASE("no law breaks on mutations of the fuzzers' seeds") {
  constexpr int mutations = 100;
  std::mt19937 random{20'261'125};
  for (const auto& [name, run] : targets)
    for (const auto& seed : seeds_of(name))
      for (int i = 0; i < mutations; ++i) {
        const auto text = mutated(seed, random);
        INFO(name << ": " << text);
        REQUIRE_NOTHROW(run(text));
      }
}
