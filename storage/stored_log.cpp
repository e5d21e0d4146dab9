#include "storage/stored_log.hpp"

#include "storage/block_visit.hpp"
#include "storage/bytes.hpp"
#include "storage/commit_planner.hpp"

#include <algorithm>
#include <mutex>

namespace apisync::storage {

namespace {

std::string span_text(events::sequence from, events::sequence to) {
  return from == to ? "record " + std::to_string(from) + " is"
                    : "records " + std::to_string(from) + " to " + std::to_string(to) + " are";
}

} // namespace

std::unique_ptr<commit_planner> stored_log::planner() const {
  return std::make_unique<commit_planner>(state_, mutex_);
}

events::sequence stored_log::head() const {
  const std::shared_lock lock{mutex_};
  return state_.head();
}

digest stored_log::chain() const {
  const std::shared_lock lock{mutex_};
  return state_.chain();
}

std::uint64_t stored_log::version(std::string_view stream) const {
  const std::shared_lock lock{mutex_};
  return state_.version(stream);
}

events::sequence stored_log::indexed_through() const {
  const std::shared_lock lock{mutex_};
  return indexed_.end.sequence;
}

std::optional<error> stored_log::failure() const {
  const std::shared_lock lock{mutex_};
  return failed_;
}

error stored_log::with_advice(error problem) const {
  problem.message += "; `apisync log verify --data " + where_.path +
                     "` shows what is there, and a backup brings the rest back";
  if (problem.where.empty()) problem.where = where_.path;
  return problem;
}

result<void>
stored_log::each_block(events::sequence after,
                       const std::function<result<bool>(const block_view&)>& visit) const {
  const auto end = head();
  auto expected = after + 1;
  if (expected > end) return {};
  const auto it = database_->scan(database_->events());
  it->SeekForPrev(big_endian_key(expected));
  if (!it->Valid() && it->status().ok()) it->SeekToFirst();
  for (auto first = true; it->Valid() && expected <= end; it->Next(), first = false) {
    const auto key = from_big_endian_key(as_text(it->key()));
    const auto block = block_view::open(as_text(it->value()), key);
    if (!block) return tl::unexpected{with_advice(block.error())};
    const auto contiguous = first ? block->first() <= expected && block->last() >= expected
                                  : block->first() == expected;
    if (!contiguous)
      return tl::unexpected{
          with_advice({errc::corrupt,
                       span_text(expected, std::max(expected, block->first() - 1)) + " missing",
                       {}})};
    expected = block->last() + 1;
    const auto more = visit(*block);
    if (!more) return tl::unexpected{with_advice(more.error())};
    if (!*more) return {};
  }
  if (!it->status().ok())
    return tl::unexpected{
        with_advice(rocks_error(it->status(), "after record " + std::to_string(expected - 1)))};
  if (expected <= end)
    return tl::unexpected{with_advice({errc::corrupt, span_text(expected, end) + " missing", {}})};
  return {};
}

result<std::string> stored_log::block_bytes(events::sequence key) const {
  std::string bytes;
  const auto status = database_->db().Get({}, database_->events(), big_endian_key(key), &bytes);
  if (status.ok()) return bytes;
  if (status.IsNotFound())
    return tl::unexpected{
        with_advice({errc::corrupt, "the block is missing", "block " + std::to_string(key)})};
  return tl::unexpected{with_advice(rocks_error(status, "block " + std::to_string(key)))};
}

result<bool> stored_log::visit_one(events::sequence key, const read_filter& filter,
                                   const record_visitor& visit) const {
  const auto bytes = block_bytes(key);
  if (!bytes) return tl::unexpected{bytes.error()};
  const auto block = block_view::open(*bytes, key);
  if (!block) return tl::unexpected{with_advice(block.error())};
  return visit_block(*block, filter, visit);
}

result<void> stored_log::read_stream(const read_filter& filter, events::sequence end,
                                     const record_visitor& visit) const {
  std::vector<events::sequence> newest;
  events::sequence stored = 0;
  {
    const std::shared_lock lock{mutex_};
    stored = indexed_.end.sequence;
    for (const auto* part : {&settling_, &tail_}) {
      const auto row = part->streams.find(*filter.stream);
      if (row != part->streams.end())
        newest.insert(newest.end(), row->second.blocks.begin(), row->second.blocks.end());
    }
  }
  auto more = true;
  const auto visit_block_at = [&](events::sequence key) -> result<bool> {
    if (key > end) return more = false;
    const auto visited = visit_one(key, filter, visit);
    if (visited) more = *visited;
    return visited;
  };
  if (auto read =
          read_index_blocks(*database_, *filter.stream, filter.after, stored, visit_block_at);
      !read)
    return read;
  for (std::size_t i = 0; i < newest.size() && more; ++i) {
    if (i + 1 < newest.size() && newest[i + 1] <= filter.after) continue;
    if (auto visited = visit_block_at(newest[i]); !visited) return tl::unexpected{visited.error()};
  }
  return {};
}

result<void> stored_log::read(const read_filter& filter, const record_visitor& visit) const {
  if (auto problem = failure()) return tl::unexpected{*problem};
  const auto end = std::min(head(), filter.up_to.value_or(UINT64_MAX));
  if (filter.after >= end) return {};
  auto bounded = filter;
  bounded.up_to = end;
  if (filter.stream) return read_stream(bounded, end, visit);
  return each_block(filter.after, [&](const block_view& block) -> result<bool> {
    const auto more = visit_block(block, bounded, visit);
    if (!more) return more;
    return *more && block.last() < end;
  });
}

result<std::optional<remembered_command>> stored_log::find_command(std::string_view id) const {
  if (auto problem = failure()) return tl::unexpected{*problem};
  events::sequence key = 0;
  {
    const std::shared_lock lock{mutex_};
    const auto* place = state_.find_command(id);
    if (place == nullptr) return std::nullopt;
    key = place->block;
  }
  const auto bytes = block_bytes(key);
  if (!bytes) return tl::unexpected{bytes.error()};
  return find_receipt(*bytes, key, id);
}

result<std::optional<std::string>> stored_log::find_document(const digest& hash) const {
  std::string encoded;
  const auto status =
      database_->db().Get({}, database_->documents(), as_slice(hash.view()), &encoded);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return tl::unexpected{rocks_error(status, "document " + hash.hex())};
  return encoded;
}

result<void> stored_log::restore() {
  const auto mark = read_index_mark(*database_);
  if (!mark) return tl::unexpected{with_advice(mark.error())};
  if (!*mark) return {};
  indexed_ = **mark;
  state_.restore(indexed_.end.sequence, indexed_.end.chain, indexed_.time);
  auto versions = read_index_versions(*database_, [&](std::string_view stream, std::uint64_t v) {
    state_.restore_version(stream, v);
  });
  if (!versions) return tl::unexpected{with_advice(versions.error())};
  const auto receipts = read_index_receipts(*database_, indexed_.time - state_.retention().age);
  if (!receipts) return tl::unexpected{with_advice(receipts.error())};
  for (const auto key : *receipts) {
    const auto bytes = block_bytes(key);
    if (!bytes) return tl::unexpected{bytes.error()};
    const auto block = block_view::open(*bytes, key);
    if (!block) return tl::unexpected{with_advice(block.error())};
    state_.restore_receipts(*block);
  }
  if (auto there = check_anchor(indexed_.end); !there)
    return tl::unexpected{
        with_advice({errc::corrupt,
                     "record " + std::to_string(indexed_.end.sequence) +
                         ", the last one that was indexed, is missing or another than it was",
                     {}})};
  return {};
}

result<void> stored_log::take_new_blocks(const std::function<result<void>()>& each) {
  sha256 hash;
  const auto it = database_->scan(database_->events());
  for (it->Seek(big_endian_key(state_.head() + 1)); it->Valid(); it->Next()) {
    const auto key = from_big_endian_key(as_text(it->key()));
    const auto block = block_view::open(as_text(it->value()), key);
    if (!block) return tl::unexpected{with_advice(block.error())};
    if (key != state_.head() + 1)
      return tl::unexpected{
          with_advice({errc::corrupt, span_text(state_.head() + 1, key - 1) + " missing", {}})};
    auto linked = block->check_chain(hash);
    if (linked && block->previous() != state_.chain())
      linked = fail(errc::corrupt, "the block does not follow the record before it",
                    "block " + std::to_string(key));
    if (!linked) return tl::unexpected{with_advice(linked.error())};
    {
      const std::unique_lock lock{mutex_};
      state_.apply(*block);
      tail_.add(*block);
    }
    if (auto done = each(); !done) return done;
  }
  if (it->status().ok()) return {};
  return tl::unexpected{
      with_advice(rocks_error(it->status(), "after record " + std::to_string(state_.head())))};
}

result<void> stored_log::check_anchor(const anchor_point& acknowledged) const {
  const auto end = head();
  if (acknowledged.sequence > end)
    return tl::unexpected{
        with_advice({errc::corrupt,
                     span_text(end + 1, acknowledged.sequence) +
                         " missing: the log ends before what was acknowledged to be on disk",
                     {}})};
  if (acknowledged.sequence == 0) return {};
  auto same = false;
  auto found = each_block(acknowledged.sequence - 1, [&](const block_view& block) -> result<bool> {
    same = block.last() == acknowledged.sequence && block.chain() == acknowledged.chain;
    return false;
  });
  if (!found) return found;
  if (!same)
    return tl::unexpected{
        with_advice({errc::corrupt,
                     "record " + std::to_string(acknowledged.sequence) +
                         " is another than was acknowledged: this log and its anchor do not belong"
                         " together",
                     {}})};
  return {};
}

} // namespace apisync::storage
