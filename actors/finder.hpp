#pragma once

#include "actors/finder_interface.hpp"
#include "actors/views_keeper.hpp"
#include "sources/find.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>

namespace apisync::actors {

/// A search has ended. `token` tells it from those of a folder that was declared anew meanwhile.
struct search_ended {
  std::string folder;
  std::uint64_t token = 0;
  std::shared_ptr<const sources::find_outcome> outcome;
};

/// The pause between two searches is over.
struct search_due {
  std::string folder;
  std::uint64_t token = 0;
};

using finder_self_actor =
    finder_actor::extend<caf::reacts_to<search_ended>, caf::reacts_to<search_due>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::search_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::search_due)

namespace apisync::actors {

struct finder_parts {
  std::shared_ptr<sources::finder> finder; ///< Null: nothing is searched.
  std::shared_ptr<snapshot_box> box;       ///< For what is a source already.
  found_taker engine;
};

/// Searches each folder when it is declared and then at its interval, counted from the end of the
/// search before. What is found goes to the engine each time, so that nothing is lost with a search
/// or an answer: the engine takes what is new to it.
class finder_state {
public:
  static inline constexpr auto name = "finder";

  explicit finder_state(finder_self_actor::pointer self) : self_{self} {}

  void open(finder_parts parts) { parts_ = std::move(parts); }
  void folders(const folders_are& order);
  void ended(const search_ended& message);
  void due(const search_due& message);

private:
  struct folder {
    events::folder_definition definition;
    std::uint64_t token = 0; ///< Of its latest declaration.
    std::set<std::string, std::less<>> documents;
    std::shared_ptr<const std::map<std::string, sources::refused_file>> refused;
  };

  void search(folder& of);
  void wait(const folder& of);
  [[nodiscard]] folder* find(const std::string& id, std::uint64_t token);

  finder_self_actor::pointer self_;
  finder_parts parts_;
  std::shared_ptr<const events::settings> values_;
  std::map<std::string, folder> folders_;
  std::uint64_t tokens_ = 0;
};

/// The files that are sources, by normal paths.
std::set<std::string, std::less<>> source_files(const events::views& now);

finder_self_actor::behavior_type
finder_behavior(finder_self_actor::stateful_pointer<finder_state> self, finder_parts parts);

} // namespace apisync::actors
