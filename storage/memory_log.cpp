#include "storage/memory_log.hpp"

#include "storage/block_visit.hpp"
#include "storage/commit_planner.hpp"
#include "storage/documents.hpp"

#include <algorithm>
#include <mutex>

namespace apisync::storage {

std::unique_ptr<commit_planner> memory_log::planner() const {
  return std::make_unique<commit_planner>(state_, mutex_);
}

result<void> memory_log::store(const planned_commit& commit) {
  const std::unique_lock lock{mutex_};
  if (auto fits = check(commit, state_.head(), state_.chain()); !fits) return fits;
  blocks_.push_back({commit.first, commit.last, std::make_shared<const std::string>(commit.block)});
  for (const auto* document : commit.documents)
    documents_.insert_or_assign(document->hash, document->encoded);
  state_.apply(commit);
  return {};
}

result<void>
memory_log::acknowledge(std::span<const std::shared_ptr<const planned_commit>> /*commits*/) {
  return {}; // what is in memory is as durable as it gets
}

events::sequence memory_log::head() const {
  const std::shared_lock lock{mutex_};
  return state_.head();
}

digest memory_log::chain() const {
  const std::shared_lock lock{mutex_};
  return state_.chain();
}

std::uint64_t memory_log::version(std::string_view stream) const {
  const std::shared_lock lock{mutex_};
  return state_.version(stream);
}

memory_log::stored_block memory_log::at(std::size_t i) const {
  const std::shared_lock lock{mutex_};
  return i < blocks_.size() ? blocks_[i] : stored_block{};
}

std::shared_ptr<const std::string> memory_log::block(std::size_t i) const {
  return at(i).bytes;
}

std::size_t memory_log::block_after(events::sequence sequence) const {
  const std::shared_lock lock{mutex_};
  const auto found = std::upper_bound(
      blocks_.begin(), blocks_.end(), sequence,
      [](events::sequence wanted, const stored_block& b) { return wanted < b.last; });
  return static_cast<std::size_t>(found - blocks_.begin());
}

result<void> memory_log::read(const read_filter& filter, const record_visitor& visit) const {
  const auto end = std::min(head(), filter.up_to.value_or(UINT64_MAX));
  events::sequence reached = filter.after;
  for (auto i = block_after(filter.after); reached < end; ++i) {
    const auto block = at(i);
    const auto& bytes = *block.bytes;
    const auto view = block_view::open(bytes, block.first);
    if (!view) return tl::unexpected{view.error()};
    const auto more = visit_block(*view, filter, visit);
    if (!more) return tl::unexpected{more.error()};
    if (!*more) break;
    reached = block.last;
  }
  return {};
}

result<std::optional<remembered_command>> memory_log::find_command(std::string_view id) const {
  const std::shared_lock lock{mutex_};
  const auto* place = state_.find_command(id);
  if (place == nullptr) return std::nullopt;
  const auto block = std::lower_bound(
      blocks_.begin(), blocks_.end(), place->sequence,
      [](const stored_block& b, events::sequence wanted) { return b.last < wanted; });
  return find_receipt(*block->bytes, place->block, id);
}

std::optional<std::string> memory_log::find_document(const digest& hash) const {
  const std::shared_lock lock{mutex_};
  const auto at = documents_.find(hash);
  if (at == documents_.end()) return std::nullopt;
  return at->second;
}

store make_memory_store(command_retention retention) {
  auto log = std::make_shared<memory_log>(retention);
  auto documents = std::make_shared<compressed_documents>(
      [log](const digest& hash) -> result<std::optional<std::string>> {
        return log->find_document(hash);
      });
  return {std::move(log), std::move(documents)};
}

} // namespace apisync::storage
