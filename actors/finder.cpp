#include "actors/finder.hpp"

#include "events/target_place.hpp"

#include <utility>

namespace apisync::actors {

std::set<std::string, std::less<>> source_files(const events::views& now) {
  std::set<std::string, std::less<>> out;
  now.each_source([&](const events::source_state& source) {
    if (source.definition.kind == events::source_kind::file)
      out.insert(events::normal_path(source.definition.path));
  });
  return out;
}

void finder_state::folders(const folders_are& order) {
  values_ = order.values;
  std::erase_if(folders_, [&](const auto& known) {
    return events::find_folder(*order.folders, known.first) == nullptr;
  });
  for (const auto& definition : *order.folders) {
    auto& of = folders_[definition.id];
    if (of.token != 0 && of.definition == definition) continue;
    of = {definition, ++tokens_, {}, {}};
    search(of);
  }
}

void finder_state::search(folder& of) {
  const auto files = file_glob::parse(of.definition.files);
  if (!files || !parts_.finder) return; // it was checked when it was declared
  sources::find_order order{*files, {}, of.refused, {}};
  order.limits.document_bytes = values_->document_bytes;
  auto known = source_files(*parts_.box->get());
  known.insert(of.documents.begin(), of.documents.end());
  order.known = std::make_shared<const std::set<std::string, std::less<>>>(std::move(known));
  auto me = caf::actor_cast<caf::actor>(self_);
  parts_.finder->find(std::move(order), [me, id = of.definition.id,
                                         token = of.token](sources::find_outcome outcome) {
    caf::anon_send(
        me,
        search_ended{id, token, std::make_shared<const sources::find_outcome>(std::move(outcome))});
  });
}

void finder_state::ended(const search_ended& message) {
  auto* of = find(message.folder, message.token);
  if (of == nullptr) return;
  const auto& outcome = *message.outcome;
  of->documents = {outcome.documents.begin(), outcome.documents.end()};
  of->refused =
      std::make_shared<const std::map<std::string, sources::refused_file>>(outcome.refused);
  take_found found{of->definition, outcome.documents, {}, outcome.problem};
  for (const auto& [path, refused] : outcome.refused)
    if (!refused.why.empty())
      found.refused.push_back(refused.why.starts_with(path) ? refused.why
                                                            : path + ": " + refused.why);
  const auto next = [this, id = message.folder, token = message.token] {
    if (const auto* again = find(id, token)) wait(*again);
  };
  // An engine that cannot take it now is given what is there at the next search.
  self_->request(parts_.engine, caf::infinite, std::move(found))
      .then([next](const answer&) { next(); }, [next](const caf::error&) { next(); });
}

void finder_state::wait(const folder& of) {
  self_->delayed_send(self_, of.definition.search_interval, search_due{of.definition.id, of.token});
}

void finder_state::due(const search_due& message) {
  if (auto* of = find(message.folder, message.token)) search(*of);
}

finder_state::folder* finder_state::find(const std::string& id, std::uint64_t token) {
  const auto found = folders_.find(id);
  return found == folders_.end() || found->second.token != token ? nullptr : &found->second;
}

finder_self_actor::behavior_type
finder_behavior(finder_self_actor::stateful_pointer<finder_state> self, finder_parts parts) {
  self->state.open(std::move(parts));
  return {
      [self](const folders_are& order) { self->state.folders(order); },
      [self](const search_ended& message) { self->state.ended(message); },
      [self](const search_due& message) { self->state.due(message); },
  };
}

} // namespace apisync::actors
