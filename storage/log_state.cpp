#include "storage/log_state.hpp"

#include "storage/block_visit.hpp"

#include <algorithm>

namespace apisync::storage {

namespace {

/// What a record's envelope takes at most beside its texts, for bounding a block.
constexpr std::size_t envelope_bytes_max = 256;

constexpr std::size_t command_id_limit = 1024;
constexpr std::size_t command_answer_limit = std::size_t{16} << 20U;

/// Escapes take up to six bytes for one.
std::size_t bytes_at_most(const append& what) {
  std::size_t bytes = 0;
  for (const auto& event : what.events)
    bytes += envelope_bytes_max + event.data.size() +
             6 * (event.stream.size() + event.type.size() + what.from.by.size() +
                  what.from.correlation.size());
  return bytes;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20;
}

std::optional<error> check_shape(const append& what) {
  if (what.events.empty())
    return error{errc::invalid_argument, "an append has at least one event", {}};
  for (const auto& event : what.events) {
    if (event.stream.empty() || event.stream.size() > stream_name_limit ||
        std::any_of(event.stream.begin(), event.stream.end(), is_control))
      return error{errc::invalid_argument,
                   "a stream's name has 1 to 1024 bytes and no control characters",
                   event.stream.substr(0, 64)};
    if (event.type.empty())
      return error{errc::invalid_argument, "an event has a type", event.stream};
  }
  if (bytes_at_most(what) > block_payload_limit)
    return error{errc::limit_exceeded, "the events of one append are larger than 256 MiB", {}};
  if (what.command && (what.command->id.empty() || what.command->id.size() > command_id_limit ||
                       what.command->answer.size() > command_answer_limit))
    return error{errc::invalid_argument,
                 "a command's id has 1 to 1024 bytes, and its answer at most 16 MiB",
                 {}};
  return std::nullopt;
}

} // namespace

/// One try at putting appends into a block.
struct log_state::attempt {
  const log_state& state;
  block_writer writer;
  planned_commit commit;
  std::unordered_set<std::string_view> ids;

  [[nodiscard]] std::uint64_t version(std::string_view stream) const {
    const auto here = writer.version(stream);
    return here != 0 ? here : state.version(stream);
  }

  [[nodiscard]] std::optional<error> refusal(const append& what) const {
    if (auto problem = check_shape(what)) return problem;
    if (writer.payload_bytes() + bytes_at_most(what) > block_payload_limit)
      return error{errc::overloaded, "the commit is full; the same append may be tried again", {}};
    if (what.command) {
      if (state.find_command(what.command->id) != nullptr || ids.contains(what.command->id))
        return error{errc::already_exists, "the command was carried out before", what.command->id};
      if (state.commands_.size() + ids.size() >= state.retention_.count_max)
        return error{errc::overloaded, "too many commands are remembered; try again later", {}};
    }
    for (const auto& [stream, expected] : what.expected)
      if (const auto actual = version(stream); actual != expected)
        return error{errc::conflict,
                     "the stream is at version " + std::to_string(actual) + ", not " +
                         std::to_string(expected) + ": somebody else appended first",
                     stream};
    return std::nullopt;
  }

  result<appended> add(const append& what) {
    if (auto problem = refusal(what)) return tl::unexpected{std::move(*problem)};
    const auto first = state.head_ + writer.records() + 1;
    const auto last = first + what.events.size() - 1;
    for (const auto& event : what.events)
      writer.add(event, version(event.stream) + 1, what.from);
    if (what.command) {
      writer.add(*what.command, last);
      ids.insert(what.command->id);
      commit.commands.emplace_back(what.command->id, command_place{what.command->fingerprint, last,
                                                                   state.head_ + 1, commit.time});
    }
    for (const auto& document : what.documents)
      if (!document.encoded.empty()) commit.documents.push_back(&document);
    return appended{first, last, commit.time};
  }
};

planned_commit log_state::plan(std::span<const append> appends, events::timestamp time) const {
  time = std::max(time, time_);
  std::vector<bool> unreadable(appends.size());
  for (auto second_try = false;; second_try = true) {
    attempt trial{*this, {head_ + 1, chain_, time}, {}, {}};
    auto& commit = trial.commit;
    commit.time = time;
    for (std::size_t i = 0; i < appends.size(); ++i)
      commit.answers.push_back(
          unreadable[i] ? fail(errc::invalid_argument,
                               "an event's data is not a JSON object, or a name not UTF-8")
                        : trial.add(appends[i]));
    const auto records = trial.writer.records();
    if (records == 0) return std::move(commit);
    for (const auto& row : trial.writer.streams())
      commit.versions.emplace_back(row.name, row.first_version + row.records - 1);
    commit.block = trial.writer.finish();
    const auto block = block_view::open(commit.block, head_ + 1);
    if (block && readable_payload(block->payload(), head_ + 1, records)) {
      commit.first = head_ + 1;
      commit.last = head_ + records;
      commit.chain = trial.writer.chain();
      return std::move(commit);
    }
    if (second_try) {
      planned_commit nothing;
      nothing.answers.assign(appends.size(), fail(errc::internal, "the block does not read back"));
      return nothing;
    }
    for (std::size_t i = 0; i < appends.size(); ++i)
      unreadable[i] =
          !std::all_of(appends[i].events.begin(), appends[i].events.end(),
                       [&](const auto& event) { return readable_draft(event, appends[i].from); });
  }
}

void log_state::apply(const planned_commit& commit) {
  restore(commit.last, commit.chain, commit.time);
  for (const auto& [stream, version] : commit.versions)
    restore_version(stream, version);
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
