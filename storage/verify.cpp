#include "storage/verify.hpp"

#include "storage/block_visit.hpp"
#include "storage/documents.hpp"
#include "storage/log_reader.hpp"
#include "storage/open_store.hpp"

namespace apisync::storage {

namespace {

/// So many problems of one kind are listed; a damaged disk has thousands.
constexpr std::size_t problems_max = 100;

/// What the blocks, or the index, say of one stream: compared, so that no list is kept.
struct stream_trace {
  std::uint64_t blocks = 0;
  std::uint64_t mix = 0;
  std::uint64_t version = 0;

  void add(events::sequence block) {
    ++blocks;
    mix = (mix ^ block) * 0x9E3779B97F4A7C15U;
    mix ^= mix >> 29U;
  }
  bool operator==(const stream_trace&) const = default;
};

/// One verification at work.
class verifier {
public:
  verifier(const stored_log& log, const progress& tell)
      : log_{log}, tell_{tell}, indexed_{log.indexed_through()}, head_{log.head()} {}

  verification run() {
    files();
    blocks();
    if (found_.problems.empty()) index();
    documents();
    return std::move(found_);
  }

private:
  void problem(error what) {
    if (found_.problems.size() < problems_max) found_.problems.push_back(std::move(what));
  }

  void files() {
    const auto status = log_.base().db().VerifyFileChecksums({});
    if (!status.ok() && !status.IsNotSupported())
      problem(rocks_error(status, log_.where().database()));
  }

  void blocks() {
    auto read = log_.each_block(0, [this](const block_view& block) { return check(block); });
    if (!read)
      problem(read.error());
    else if (found_.chain != log_.chain() && found_.records == log_.head())
      problem({errc::corrupt, "the chain does not end as the log says", {}});
  }

  result<bool> check(const block_view& block) {
    if (auto linked = block.check_chain(hash_); !linked) return tl::unexpected{linked.error()};
    if (block.previous() != found_.chain)
      return fail(errc::corrupt, "the block does not follow the record before it",
                  "block " + std::to_string(block.first()));
    const auto read = visit_block(block, {}, [](const events::record_view&) { return true; });
    if (!read) return read;
    if (auto versions = count(block); !versions) return tl::unexpected{versions.error()};
    found_.chain = block.chain();
    found_.records = block.last();
    ++found_.blocks;
    found_.bytes += block.bytes();
    if (tell_) tell_(block.last(), head_);
    return true;
  }

  result<void> count(const block_view& block) {
    for (const auto& row : block.streams()) {
      auto& trace = traces_[std::string{row.name}];
      if (row.first_version != trace.version + 1)
        return fail(errc::corrupt,
                    "the stream goes on with version " + std::to_string(row.first_version) +
                        " after " + std::to_string(trace.version),
                    std::string{row.name});
      trace.version += row.records;
      if (block.last() <= indexed_) {
        trace.add(block.first());
        stored_[std::string{row.name}] = trace;
      }
    }
    return {};
  }

  void index() {
    auto known = text_map<std::uint64_t>{};
    const auto read =
        read_index_versions(log_.base(), [&](std::string_view stream, std::uint64_t version) {
          known.insert_or_assign(std::string{stream}, version);
        });
    if (!read) return problem(read.error());
    for (const auto& [stream, expected] : stored_) {
      stream_trace trace;
      const auto listed = read_index_blocks(log_.base(), stream, 0, indexed_,
                                            [&](events::sequence block) -> result<bool> {
                                              trace.add(block);
                                              return true;
                                            });
      if (!listed) return problem(listed.error());
      const auto version = known.find(stream);
      const auto behind = version == known.end() || version->second < expected.version;
      if (trace.blocks != expected.blocks || trace.mix != expected.mix || behind)
        problem({errc::corrupt, "the index of the stream is not what the log says", stream});
    }
    for (const auto& [stream, version] : known)
      if (!traces_.contains(stream))
        problem({errc::corrupt, "the index has a stream that the log has not", stream});
  }

  void documents() {
    const compressed_documents store{
        [this](const digest& hash) { return log_.find_document(hash); }};
    const auto it = log_.base().scan(log_.base().documents());
    for (it->SeekToFirst(); it->Valid(); it->Next()) {
      digest hash;
      if (it->key().size() != hash.bytes.size()) {
        problem({errc::corrupt, "a document's key is not a hash", {}});
        continue;
      }
      std::copy_n(it->key().data(), hash.bytes.size(), hash.bytes.begin());
      ++found_.documents;
      found_.document_bytes += it->value().size();
      if (const auto loaded = store.load(hash); !loaded) problem(loaded.error());
    }
    if (!it->status().ok()) problem(rocks_error(it->status(), "the documents"));
  }

  const stored_log& log_;
  const progress& tell_;
  events::sequence indexed_;
  events::sequence head_;
  verification found_;
  sha256 hash_;
  text_map<stream_trace> traces_; ///< Whole log.
  text_map<stream_trace> stored_; ///< Up to the end of the stored index.
};

} // namespace

verification verify(const stored_log& log, const progress& tell) {
  return verifier{log, tell}.run();
}

verification verify(const std::string& path, const progress& tell) {
  const auto log = log_reader::open(path);
  if (log) return verify(**log, tell);
  verification found;
  found.problems.push_back(log.error());
  return found;
}

result<log_stats> measure(const stored_log& log, events::sequence after) {
  log_stats stats;
  read_filter filter;
  filter.after = after;
  const auto read = log.each_block(after, [&](const block_view& block) -> result<bool> {
    ++stats.blocks;
    return visit_block(block, filter, [&](const events::record_view& record) {
      const auto bytes = block.entries()[record.sequence - block.first()].record_bytes;
      const auto count = [bytes](auto& shares, std::string_view name) {
        auto at = shares.find(name);
        if (at == shares.end()) at = shares.emplace(name, share{}).first;
        ++at->second.records;
        at->second.bytes += bytes;
      };
      ++stats.all.records;
      stats.all.bytes += bytes;
      count(stats.by_type, record.type);
      count(stats.by_stream, record.stream);
      return true;
    });
  });
  if (!read) return tl::unexpected{read.error()};
  return stats;
}

} // namespace apisync::storage
