#include "actors/job_queue.hpp"

namespace apisync::actors {

namespace {

events::timestamp deadline(events::timestamp due, events::priority priority) {
  using std::chrono::seconds;
  switch (priority) {
  case events::priority::high:
    return due;
  case events::priority::medium:
    return due + seconds{10};
  case events::priority::low:
    return due + seconds{60};
  }
  return due;
}

} // namespace

void job_queue::enqueue(const std::string& job, entry& waiting_entry) {
  if (waiting_entry.due && !waiting_entry.running) planned_.emplace(*waiting_entry.due, job);
}

void job_queue::dequeue(const std::string& job, const entry& waiting_entry) {
  if (!waiting_entry.due) return;
  planned_.erase({*waiting_entry.due, job});
  ready_.erase({deadline(*waiting_entry.due, waiting_entry.priority), job});
}

void job_queue::plan(const std::string& job, const std::string& source, events::priority priority,
                     std::optional<events::timestamp> due) {
  auto& known = entries_[job];
  dequeue(job, known);
  known.source = source;
  known.priority = priority;
  known.due = due;
  known.removed = false;
  enqueue(job, known);
}

void job_queue::remove(const std::string& job) {
  const auto found = entries_.find(job);
  if (found == entries_.end()) return;
  dequeue(job, found->second);
  if (found->second.running)
    found->second.removed = true;
  else
    entries_.erase(found);
}

bool job_queue::trigger(const std::string& job, events::timestamp now) {
  const auto found = entries_.find(job);
  if (found == entries_.end()) return false;
  auto& known = found->second;
  if (known.running) {
    known.again = true;
    return true;
  }
  if (known.due && *known.due <= now) return true;
  dequeue(job, known);
  known.due = now;
  enqueue(job, known);
  return true;
}

void job_queue::limit_source(const std::string& source, const std::string& host, bool paused) {
  auto& known = sources_[source];
  if (known.busy && known.host != host) {
    // What runs was counted under the old host.
    --running_by_host_[known.host];
    ++running_by_host_[host];
  }
  known.host = host;
  known.paused = paused;
}

bool job_queue::may_run(const entry& candidate, const limits& within) const {
  const auto found = sources_.find(candidate.source);
  if (found == sources_.end()) return true;
  const auto& source = found->second;
  if (source.paused || source.busy) return false;
  if (source.host.empty()) return true;
  const auto count = running_by_host_.find(source.host);
  return count == running_by_host_.end() || count->second < within.per_host;
}

void job_queue::set_busy(const std::string& source, bool busy) {
  auto& known = sources_[source];
  known.busy = busy;
  auto& count = running_by_host_[known.host];
  if (busy)
    ++count;
  else if (--count == 0)
    running_by_host_.erase(known.host);
}

std::optional<std::string> job_queue::take(events::timestamp now, const limits& within) {
  while (!planned_.empty() && planned_.begin()->first <= now) {
    auto [due, job] = *planned_.begin();
    planned_.erase(planned_.begin());
    ready_.emplace(deadline(due, entries_.at(job).priority), job);
  }
  if (running_ >= within.running) return std::nullopt;
  for (auto candidate = ready_.begin(); candidate != ready_.end(); ++candidate) {
    auto& known = entries_.at(candidate->second);
    if (!may_run(known, within)) continue;
    auto job = candidate->second;
    ready_.erase(candidate);
    known.due.reset();
    known.running = true;
    ++running_;
    set_busy(known.source, true);
    return job;
  }
  return std::nullopt;
}

void job_queue::finished(const std::string& job, std::optional<events::timestamp> next) {
  const auto found = entries_.find(job);
  if (found == entries_.end() || !found->second.running) return;
  auto& known = found->second;
  known.running = false;
  --running_;
  set_busy(known.source, false);
  if (known.removed) {
    entries_.erase(found);
    return;
  }
  if (known.again) {
    known.again = false;
    known.due = events::timestamp{}; // long due
  } else if (next || !known.due) {
    known.due = next;
  }
  enqueue(job, known);
}

std::optional<events::timestamp> job_queue::next_due() const {
  if (planned_.empty()) return std::nullopt;
  return planned_.begin()->first;
}

bool job_queue::is_running(const std::string& job) const {
  const auto found = entries_.find(job);
  return found != entries_.end() && found->second.running;
}

std::vector<std::string> job_queue::running() const {
  std::vector<std::string> jobs;
  for (const auto& [job, known] : entries_)
    if (known.running) jobs.push_back(job);
  return jobs;
}

} // namespace apisync::actors
