#include "storage/commit_planner.hpp"

#include "storage/block_visit.hpp"

#include <algorithm>
#include <cassert>
#include <mutex>

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
    if (!readable(event))
      return error{errc::invalid_argument,
                   "an event's data is not a JSON object, or a name not UTF-8",
                   event.stream.substr(0, 64)};
  }
  if (!readable(what.from))
    return error{errc::invalid_argument, "the name of who asked is not UTF-8", {}};
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

result<void> check(const planned_commit& commit, events::sequence head, const digest& chain) {
  const auto block = block_view::open(commit.block, commit.first);
  if (block && commit.first == head + 1 && block->previous() == chain &&
      block->last() == commit.last && block->chain() == commit.chain)
    return {};
  return fail(errc::internal, "a planned commit does not follow the end of the log",
              "record " + std::to_string(commit.first));
}

void commit_planner::forget_written() {
  while (!in_flight_.empty() && in_flight_.front().commit->last <= state_.head())
    in_flight_.pop_front();
}

std::uint64_t commit_planner::version(std::string_view stream) const {
  if (forming_)
    if (const auto here = forming_->writer.version(stream); here != 0) return here;
  for (auto at = in_flight_.rbegin(); at != in_flight_.rend(); ++at)
    if (const auto there = at->writer.version(stream); there != 0) return there;
  return state_.version(stream);
}

bool commit_planner::taken(std::string_view command) const {
  const auto has = [&](const draft& one) { return one.ids.contains(command); };
  return (forming_ && has(*forming_)) || std::any_of(in_flight_.begin(), in_flight_.end(), has) ||
         state_.find_command(command) != nullptr;
}

std::size_t commit_planner::command_count() const {
  auto count = state_.command_count() + (forming_ ? forming_->ids.size() : 0);
  for (const auto& one : in_flight_)
    count += one.ids.size();
  return count;
}

bool commit_planner::full_for(const append& what) const {
  return forming_ && forming_->writer.payload_bytes() + bytes_at_most(what) > block_payload_limit;
}

std::optional<error> commit_planner::refusal(const append& what) const {
  if (full_for(what))
    return error{errc::overloaded, "the commit is full; the same append may be tried again", {}};
  if (what.command) {
    if (taken(what.command->id))
      return error{errc::already_exists, "the command was carried out before", what.command->id};
    if (command_count() >= state_.retention().count_max)
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

void commit_planner::begin(events::timestamp now) {
  auto head = state_.head();
  auto chain = state_.chain();
  auto time = std::max(now, state_.time());
  if (!in_flight_.empty()) {
    const auto& last = *in_flight_.back().commit;
    head = last.last;
    chain = last.chain;
    time = std::max(now, last.time);
  }
  forming_.emplace(
      draft{block_writer{head + 1, chain, time}, std::make_shared<planned_commit>(), {}});
  forming_->commit->first = head + 1;
  forming_->commit->time = time;
}

result<appended> commit_planner::add(std::shared_ptr<const append> what, events::timestamp now) {
  if (auto problem = check_shape(*what)) return tl::unexpected{std::move(*problem)};
  const std::shared_lock lock{mutex_};
  forget_written();
  if (auto problem = refusal(*what)) return tl::unexpected{std::move(*problem)};
  if (!forming_) begin(now);
  auto& [writer, commit, ids] = *forming_;
  const auto first = commit->first + writer.records();
  const auto last = first + what->events.size() - 1;
  for (const auto& event : what->events)
    writer.add(event, version(event.stream) + 1, what->from);
  if (what->command) {
    writer.add(*what->command, last);
    ids.insert(what->command->id);
    commit->commands.emplace_back(what->command->id, command_place{what->command->fingerprint, last,
                                                                   commit->first, commit->time});
  }
  for (const auto& document : what->documents)
    if (!document.encoded.empty()) commit->documents.push_back(&document);
  commit->appends.push_back(std::move(what));
  return appended{first, last, commit->time};
}

std::shared_ptr<const planned_commit> commit_planner::seal() {
  assert(forming_);
  auto& [writer, commit, ids] = *forming_;
  commit->last = commit->first + writer.records() - 1;
  const auto streams = writer.streams();
  commit->streams.assign(streams.begin(), streams.end());
  commit->chain = writer.chain();
  commit->block = writer.finish();
  std::shared_ptr<const planned_commit> sealed = commit;
  in_flight_.push_back(std::move(*forming_));
  forming_.reset();
  return sealed;
}

result<std::vector<result<appended>>> event_log::commit(std::span<const append> appends,
                                                        events::timestamp time) {
  const auto plan = planner();
  std::vector<result<appended>> answers;
  for (const auto& what : appends) {
    // The caller's append outlives the commit: a pointer that owns nothing will do.
    answers.push_back(plan->add({std::shared_ptr<const append>{}, &what}, time));
  }
  if (plan->empty()) return answers;
  const auto commit = plan->seal();
  if (auto stored = store(*commit); !stored) return tl::unexpected{stored.error()};
  if (auto done = acknowledge({&commit, 1}); !done) return tl::unexpected{done.error()};
  return answers;
}

} // namespace apisync::storage
