#include "events/cow_map.hpp"

#include <catch2/catch.hpp>

#include <random>

using apisync::events::cow_map;

namespace {

using model = std::map<std::string, int>;
using small_map = cow_map<int, 8>;

model contents(const small_map& map) {
  model out;
  for (const auto& [key, value] : map.all())
    out.emplace(key, *value);
  return out;
}

std::string random_key(std::mt19937& random) {
  return "key-" + std::to_string(random() % 200);
}

} // namespace

TEST_CASE("a map in shards behaves as one ordered map, and old copies never change") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random{seed};
    small_map map;
    model expected;
    std::vector<std::pair<small_map, model>> copies;
    for (int step = 0; step < 2'000; ++step) {
      const auto key = random_key(random);
      switch (random() % 8) {
      case 0:
        CHECK(map.erase(key) == (expected.erase(key) != 0));
        break;
      case 1:
        if (auto* value = map.edit(key)) *value += 1;
        if (auto at = expected.find(key); at != expected.end()) at->second += 1;
        break;
      case 2:
        if (copies.size() < 20 && random() % 20 == 0) copies.emplace_back(map, expected);
        break;
      default:
        map.touch(key) = expected[key] = static_cast<int>(random());
      }
    }
    CHECK(map.size() == expected.size());
    CHECK(contents(map) == expected);
    for (const auto& [copy, then] : copies)
      CHECK(contents(copy) == then);
  }
}

TEST_CASE("pages follow one another in the order of keys, without gaps and repetitions") {
  small_map map;
  model expected;
  std::mt19937 random{3};
  for (int i = 0; i < 137; ++i)
    map.touch(random_key(random)) = 1;
  for (const auto& [key, value] : map.all())
    expected.emplace(key, *value);

  std::vector<std::string> seen;
  std::string after;
  for (;;) {
    const auto page = map.page(after, 10);
    CHECK(page.size() <= 10);
    for (const auto& [key, value] : page)
      seen.emplace_back(key);
    if (page.size() < 10) break;
    after = seen.back();
  }
  std::vector<std::string> keys;
  for (const auto& [key, value] : expected)
    keys.push_back(key);
  CHECK(seen == keys);
  CHECK(map.page("zzz", 10).empty());
  CHECK(map.page("", 0).empty());
}

TEST_CASE("what nobody touched is shared between copies") {
  small_map map;
  for (int i = 0; i < 100; ++i)
    map.touch("key-" + std::to_string(i)) = i;
  const auto copy = map;
  CHECK(copy.find("key-7") == map.find("key-7"));
  map.touch("key-7") = 70;
  CHECK(*copy.find("key-7") == 7);
  CHECK(*map.find("key-7") == 70);
  int shared = 0;
  for (const auto& [key, value] : copy.all())
    if (map.find(key) == value) ++shared;
  CHECK(shared == 99);
}

TEST_CASE("an empty map answers") {
  cow_map<int> map;
  CHECK(map.empty());
  CHECK(map.find("x") == nullptr);
  CHECK(map.edit("x") == nullptr);
  CHECK_FALSE(map.erase("x"));
  CHECK(map.all().empty());
}
