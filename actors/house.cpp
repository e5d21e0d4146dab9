#include "actors/house.hpp"

#include "actors/replay.hpp"
#include "actors/scheduler.hpp"

#include <caf/send.hpp>

#include <atomic>

namespace apisync::actors {

result<house> open_house(caf::actor_system& system, const house_options& options) {
  auto folded = replay(*options.store.log);
  if (!folded) return tl::unexpected{folded.error()};

  // Journal and engine may both find out that the log is gone; the owner is told once.
  auto told = std::make_shared<std::atomic<bool>>(false);
  auto on_fatal = [told, tell = options.on_fatal](const error& problem) {
    if (!told->exchange(true) && tell) tell(problem);
  };

  house out;
  out.box = std::make_shared<snapshot_box>();
  out.box->put(std::make_shared<const events::views>(std::move(*folded)));
  out.entities = std::make_shared<directory>();
  const auto now = out.box->get();
  auto values = std::make_shared<const events::settings>(now->engine().values);

  const auto journal = [&] {
    if (options.detached)
      return system.spawn<caf::detached>(journal_behavior, options.store.log, options.now,
                                         options.limits, on_fatal, true);
    return system.spawn(journal_behavior, options.store.log, options.now, options.limits, on_fatal,
                        false);
  }();
  out.journal = journal;
  out.views = system.spawn(views_behavior, views_parts{options.store.log, out.box});
  caf::anon_send(out.journal, subscribe_commits{caf::actor_cast<commit_listener>(out.views)});

  out.cache = std::make_shared<document_cache>();
  const auto documents =
      std::make_shared<const document_reader>(options.store.documents, out.cache);
  for (std::size_t i = 0; i < options.workers; ++i)
    out.workers.push_back(options.detached
                              ? system.spawn<caf::detached>(worker_behavior, documents, true)
                              : system.spawn(worker_behavior, documents, false));
  out.resolver =
      system.spawn(resolver_behavior,
                   resolver_parts{out.workers, static_cast<std::size_t>(values->memory_budget),
                                  out.cache, options.store.documents, options.limits});
  const auto mode = decide_process_start(now->engine(), options.version).mode;
  scheduler_parts schedule;
  schedule.journal = out.journal;
  schedule.entities = out.entities;
  schedule.values = values;
  schedule.now = options.now;
  schedule.mode = mode;
  schedule.version = options.store.log->version("scheduler");
  schedule.limits = options.limits;
  schedule.seed = options.seed;
  now->each_host([&](std::string_view host, const events::host_state& state) {
    schedule.hosts.emplace_back(host, state);
  });
  if (now->at() > 0) schedule.last_event = now->time();
  out.scheduler = system.spawn(scheduler_behavior, std::move(schedule));
  out.engine = system.spawn(
      engine_behavior,
      engine_parts{options.store.log, out.box, out.journal, out.scheduler, out.resolver, out.views,
                   out.entities, options.fetcher, options.store.documents, options.watcher,
                   options.finder, options.sender, options.publisher, options.model, options.now,
                   options.seed, options.limits, options.version, on_fatal});
  return out;
}

} // namespace apisync::actors
