#pragma once

#include "events/record.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace apisync::actors {

/// Which APIs have lost their document: those whose every source that they follow has been found
/// gone (404, 410, a deleted file or path) at every sync for a stated time. Pure. An API is looked
/// at when one of its sources has been synced, in O(its sources).
class api_presence {
public:
  struct change {
    std::string api;
    std::optional<events::timestamp> gone_since; ///< None: it is there again.
  };

  /// `follows`: not an observer. Observers say nothing of an API's document.
  void put_source(const std::string& source, const std::string& api, bool follows);
  void forget_source(const std::string& source);
  /// What was recorded of the API before.
  void put_api(const std::string& api, bool orphaned);

  /// What is known of a source, without a conclusion.
  void restore(const std::string& source, std::optional<events::timestamp> gone_since);
  /// A sync has ended: it was there, or has been gone since a time.
  std::optional<change> note(const std::string& source, std::optional<events::timestamp> gone_since,
                             events::timestamp now, std::chrono::milliseconds after);

private:
  struct source_facts {
    std::string api;
    bool follows = true;
    std::optional<events::timestamp> gone_since;
  };
  struct api_facts {
    std::set<std::string> sources; ///< That it follows.
    bool orphaned = false;
  };

  std::map<std::string, source_facts> sources_;
  std::map<std::string, api_facts> apis_;
};

} // namespace apisync::actors
