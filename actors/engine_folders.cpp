#include "actors/engine.hpp"
#include "actors/finder.hpp"
#include "events/target_place.hpp"

namespace apisync::actors {

namespace {

constexpr std::size_t unread_max = 20;

/// What is told of a search: the first of what was refused, and how many there are.
events::folder_searched told(const take_found& found, const std::vector<std::string>& refused) {
  events::folder_searched out;
  out.folder = found.folder.id;
  out.documents = found.documents.size();
  out.problem = found.problem;
  for (const auto* list : {&refused, &found.refused})
    for (const auto& one : *list)
      if (++out.unread_in_all <= unread_max) out.unread.push_back(one);
  return out;
}

} // namespace

/// The finder searches the folders of the file that was applied last, while files are watched.
void engine_actor_state::spread_folders() {
  using list = std::vector<events::folder_definition>;
  if (auto finder = parts_.entities->finder())
    self_->send(finder, folders_are{std::make_shared<const list>(watching_ ? core_.state().folders
                                                                           : list{}),
                                    values_});
}

caf::result<answer> engine_actor_state::take(const take_found& order) {
  return enqueue([this, order](const events::views& now, done_handler done) {
    const auto* folder = events::find_folder(core_.state().folders, order.folder.id);
    if (folder == nullptr || *folder != order.folder || !watching_) return done(answer{});
    additions what;
    std::vector<std::string> refused;
    const auto files = source_files(now);
    for (const auto& path : order.documents)
      if (!files.contains(events::normal_path(path)))
        if (auto planned = plan_found(what, now, *folder, path); !planned)
          refused.push_back(path + ": " + planned.error().message);
    append_additions(std::move(what), {},
                     [this, fact = told(order, refused), done](result<answer> added) {
                       if (!added) return done(std::move(added));
                       note_search(fact, done);
                     });
  });
}

/// A file that was found. Nothing is planned of one that is refused.
result<void> engine_actor_state::plan_found(additions& to, const events::views& now,
                                            const events::folder_definition& folder,
                                            const std::string& path) {
  const auto source = events::found_source(folder, path);
  if (!source) return tl::unexpected{source.error()};
  std::string written;
  now.each_target([&](const events::target_state& target) {
    if (same_place(target.definition, *source)) written = target.definition.id;
  });
  if (!written.empty())
    return fail(errc::invalid_argument, "target '" + written + "' writes there");
  // Its job would be refused after the source was planned.
  if (now.source(source->id) == nullptr && now.job(source->id) != nullptr)
    return fail(errc::already_exists, "there is a job '" + source->id + "' already");
  return plan_addition(to, now, *source);
}

/// Records what a search came to, where it is something else than the last one.
void engine_actor_state::note_search(const events::folder_searched& fact, done_handler done) {
  core_.submit(
      [fact](const events::engine_state& state) -> result<std::vector<events::engine_event>> {
        const auto before = state.searched.find(fact.folder);
        if (before != state.searched.end() && before->second.fact == fact)
          return std::vector<events::engine_event>{};
        return std::vector<events::engine_event>{fact};
      },
      [done](const change_result& outcome) {
        if (!outcome) return done(tl::unexpected{outcome.error()});
        done(answer{outcome->last, "{}"});
      });
}

} // namespace apisync::actors
