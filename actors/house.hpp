#pragma once

#include "actors/engine.hpp"
#include "actors/resolver.hpp"
#include "actors/views_keeper.hpp"
#include "sources/fetch.hpp"
#include "sources/find.hpp"
#include "sources/publish.hpp"
#include "storage/event_log.hpp"

#include <caf/actor_system.hpp>

namespace apisync::actors {

/// What the actors stand on. Everything that depends on the machine comes in here.
struct house_options {
  storage::store store;
  std::shared_ptr<sources::fetcher> fetcher;
  std::shared_ptr<sources::watcher> watcher;     ///< May be null.
  std::shared_ptr<sources::finder> finder;       ///< May be null: then no folder is searched.
  std::shared_ptr<sources::sender> sender;       ///< May be null where no webhook is ever declared.
  std::shared_ptr<sources::publisher> publisher; ///< May be null where no target is ever declared.
  std::shared_ptr<sources::model_client> model;  ///< May be null: then no model can be asked.
  wall_clock now = system_now;
  std::uint64_t seed = 0;
  std::size_t workers = 2;
  /// Journal and workers have threads of their own. Off under CAF's deterministic scheduler.
  bool detached = true;
  queue_limits limits;
  std::string version;                        ///< Of the program.
  std::function<void(const error&)> on_fatal; ///< See `engine_parts`; from any thread.
};

/// All actors of the service.
struct house {
  std::shared_ptr<snapshot_box> box;
  std::shared_ptr<directory> entities;
  journal_actor journal;
  views_actor views;
  std::vector<worker_actor> workers;
  std::shared_ptr<document_cache> cache; ///< Theirs.
  resolver_actor resolver;
  scheduler_actor scheduler;
  engine_actor engine;
};

/// Folds the log once and starts every actor from it. Fails with `corrupt` for a log that cannot be
/// folded; then nothing was started.
result<house> open_house(caf::actor_system& system, const house_options& options);

} // namespace apisync::actors
