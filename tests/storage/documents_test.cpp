#include "storage/documents.hpp"
#include "storage/memory_log.hpp"
#include "tests/storage/storage_support.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace {

using namespace apisync;
using namespace apisync::storage;

/// Stored forms in a map, with a store over them.
struct fixture {
  std::map<digest, std::string> stored;
  compressed_documents documents{[this](const digest& hash) -> result<std::optional<std::string>> {
                                   const auto at = stored.find(hash);
                                   if (at == stored.end()) return std::nullopt;
                                   return at->second;
                                 },
                                 0};

  digest put(std::string_view bytes, std::optional<digest> previous = {}) {
    auto document = documents.encode(bytes, previous).value();
    if (!document.encoded.empty()) stored[document.hash] = document.encoded;
    return document.hash;
  }
};

std::string random_text(std::uint64_t seed, std::size_t size) {
  std::mt19937_64 random{seed};
  std::string text(size, ' ');
  for (auto& c : text)
    c = static_cast<char>('a' + random() % 26);
  return text;
}

} // namespace

TEST_CASE_METHOD(fixture, "a document is stored and read back") {
  const auto hash = put("openapi: 3.1.0");
  CHECK(documents.load(hash).value() == "openapi: 3.1.0");
  CHECK(documents.contains(hash).value());
  CHECK_FALSE(documents.contains(sha256::of("other")).value());
  CHECK(documents.load(sha256::of("other")).error().code == errc::not_found);
  CHECK(documents.load(put("")).value().empty());
}

TEST_CASE_METHOD(fixture,
                 "versions are deltas against the one before, with a whole one every few") {
  auto text = random_text(1, 200'000);
  std::optional<digest> previous;
  std::map<digest, std::string> texts;
  auto whole = 0;
  std::size_t small_bytes = 0;
  for (auto i = 0; i < 30; ++i) {
    text.replace(static_cast<std::size_t>(i) * 5000, 6, "EDITED");
    previous = put(text, previous);
    texts[*previous] = text;
    const auto header = read_document_header(stored.at(*previous)).value();
    CHECK(header.depth <= delta_depth_max);
    whole += header.base ? 0 : 1;
    small_bytes = std::max(small_bytes, header.base ? stored.at(*previous).size() : 0);
  }
  CHECK(whole == 4);
  CHECK(small_bytes < 2000);
  for (const auto& [hash, expected] : texts)
    REQUIRE(documents.load(hash).value() == expected);
}

TEST_CASE_METHOD(fixture,
                 "a document that is stored already is not written against its descendant") {
  const auto text = random_text(2, 5000);
  const auto a = put(text);
  const auto b = put(text + "!", a);
  CHECK(documents.encode(text, b).value().encoded.empty());
  CHECK(documents.load(b).value() == text + "!");
}

TEST_CASE_METHOD(fixture, "a base that is not stored or damaged makes a whole document") {
  const auto text = random_text(3, 5000);
  CHECK(documents.load(put(text, sha256::of("nobody"))).value() == text);
  stored[sha256::of("nobody")] = "damaged";
  CHECK(documents.load(put(text + "2", sha256::of("nobody"))).value() == text + "2");
}

TEST_CASE_METHOD(fixture, "damage to a stored document is found, wherever it is") {
  const auto a = put(random_text(4, 300));
  const auto b = put(random_text(4, 300) + "more", a);
  const auto good = stored;
  for (const auto& hash : {a, b}) {
    for (std::size_t at = 0; at < good.at(hash).size(); ++at) {
      stored = good;
      stored.at(hash)[at] = static_cast<char>(stored.at(hash)[at] ^ (1 << (at % 8)));
      const auto loaded = documents.load(b);
      REQUIRE_FALSE(loaded);
      REQUIRE(loaded.error().code == errc::corrupt);
    }
  }
  stored = good;
  stored.erase(a);
  CHECK(documents.load(b).error().code == errc::corrupt);
  CHECK(documents.load(b).error().where == a.hex());
}

TEST_CASE_METHOD(fixture, "stored bytes of another document are found by their hash") {
  const auto a = put("one");
  stored[a] = stored[put("two")];
  CHECK(documents.load(a).error().code == errc::corrupt);
}

TEST_CASE("the cache stays within its bytes, and serves what it holds") {
  std::map<digest, std::string> stored;
  auto reads = 0;
  compressed_documents documents{[&](const digest& hash) -> result<std::optional<std::string>> {
                                   ++reads;
                                   return stored.at(hash);
                                 },
                                 1000};
  std::vector<digest> hashes;
  for (auto i = 0U; i < 5; ++i) {
    const auto text = random_text(i, 400);
    hashes.push_back(sha256::of(text));
    stored[hashes.back()] = encode_document({}, text, {}).value();
    REQUIRE(documents.load(hashes.back()));
  }
  reads = 0;
  REQUIRE(documents.load(hashes[4]));
  REQUIRE(documents.load(hashes[3]));
  CHECK(reads == 0);
  REQUIRE(documents.load(hashes[0]));
  CHECK(reads == 1);
}

TEST_CASE("a document travels with the append that names it") {
  const auto store = make_memory_store();
  auto what = test::one("api/a");
  what.documents.push_back(store.documents->encode("openapi", {}).value());
  const auto hash = what.documents[0].hash;
  CHECK_FALSE(store.documents->contains(hash).value());
  test::must_commit(*store.log, what);
  CHECK(store.documents->load(hash).value() == "openapi");
}

TEST_CASE_METHOD(fixture, "a document over 64 MiB is refused") {
  const std::string huge(document_bytes_max + 1, 'x');
  CHECK(documents.encode(huge, {}).error().code == errc::limit_exceeded);
}
