#include "storage/log_state.hpp"

#include "storage/commit_planner.hpp"

namespace apisync::storage {

void log_state::apply(const planned_commit& commit) {
  restore(commit.last, commit.chain, commit.time);
  for (const auto& row : commit.streams)
    restore_version(row.name, row.first_version + row.records - 1);
  forget_old();
  for (const auto& [id, place] : commit.commands)
    remember(id, place);
}

void log_state::apply(const block_view& block) {
  restore(block.last(), block.chain(), block.time());
  for (const auto& row : block.streams())
    restore_version(row.name, row.first_version + row.records - 1);
  forget_old();
  restore_receipts(block);
}

void log_state::restore(events::sequence head, const digest& chain, events::timestamp time) {
  head_ = head;
  chain_ = chain;
  time_ = time;
}

void log_state::restore_version(std::string_view stream, std::uint64_t version) {
  if (const auto at = versions_.find(stream); at != versions_.end())
    at->second = version;
  else
    versions_.emplace(stream, version);
}

void log_state::restore_receipts(const block_view& block) {
  for (const auto& receipt : block.receipts())
    remember(std::string{receipt.id},
             {receipt.fingerprint, receipt.sequence, block.first(), block.time()});
}

void log_state::remember(std::string id, const command_place& place) {
  if (commands_.try_emplace(id, place).second) command_order_.push_back(std::move(id));
}

void log_state::forget_old() {
  while (!command_order_.empty()) {
    const auto oldest = commands_.find(command_order_.front());
    if (oldest->second.time + retention_.age >= time_) return;
    commands_.erase(oldest);
    command_order_.pop_front();
  }
}

std::uint64_t log_state::version(std::string_view stream) const {
  const auto at = versions_.find(stream);
  return at == versions_.end() ? 0 : at->second;
}

const command_place* log_state::find_command(std::string_view id) const {
  const auto at = commands_.find(id);
  return at == commands_.end() ? nullptr : &at->second;
}

} // namespace apisync::storage
