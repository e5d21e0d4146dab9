#include "events/config_reader.hpp"

#include "events/definition.hpp"
#include "events/duration.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace apisync::events {

namespace {

constexpr std::size_t word_max = 64; ///< Longer words are nobody's misspelling.

bool read_integer(std::string_view text, std::uint64_t& value) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc{} && end == text.data() + text.size();
}

std::string in_quotes(std::string_view name) {
  return "'" + std::string{name.substr(0, word_max)} + "'";
}

} // namespace

// -- problems -----------------------------------------------------------------

std::string config_problems::where(specs::node at) const {
  const auto place = at ? at.where() : specs::position{};
  if (place.line == 0) return name_;
  return name_ + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

void config_problems::add(specs::node at, std::string message) {
  if (list_.size() == listed_max)
    ++more_;
  else
    list_.push_back({errc::invalid_argument, std::move(message), where(at)});
}

std::vector<error> config_problems::take() {
  if (more_ != 0)
    list_.push_back(
        {errc::invalid_argument, "there are " + std::to_string(more_) + " more problems", name_});
  more_ = 0;
  return std::exchange(list_, {});
}

error combined(const std::vector<error>& problems) {
  if (problems.empty()) return {};
  auto out = problems.front();
  for (auto next = problems.begin() + 1; next != problems.end(); ++next)
    out.message += "\n" + render(*next);
  return out;
}

std::string entry_name(std::string_view kind, specs::node declaration) {
  const auto id = declaration.find("id");
  if (!id.is_string()) return std::string{kind};
  return std::string{kind} + " " + in_quotes(id.text());
}

std::string_view describe(specs::node value) {
  if (!value) return "nothing";
  switch (value.kind()) {
  case specs::kind::null:
    return "null";
  case specs::kind::boolean:
    return "a boolean";
  case specs::kind::number:
    return "a number";
  case specs::kind::string:
    return "a string";
  case specs::kind::array:
    return "a list";
  case specs::kind::object:
    return "an object";
  }
  return "nothing";
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Rows of the optimal string alignment table: before the last, last, current.
  std::vector<std::size_t> older(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], older[j - 2] + 1);
    }
    std::swap(older, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

// -- one object ---------------------------------------------------------------

config_object::config_object(specs::node object, std::string what, config_problems& problems)
    : object_{object}, what_{std::move(what)}, problems_{problems} {
  if (!good())
    problems_.add(object_, what_ + " must be an object, not " + std::string{describe(object_)});
}

void config_object::report(specs::node at, const std::string& message) {
  problems_.add(at, what_ + ": " + message);
}

void config_object::missing(std::string_view name, std::string_view purpose) {
  if (good()) report(object_, in_quotes(name) + " is missing: " + std::string{purpose});
}

specs::node config_object::member(std::string_view name) {
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.emplace_back(name);
  const auto found = object_.find(name);
  return found.is(specs::kind::null) ? specs::node{} : found;
}

std::optional<std::string> config_object::text(std::string_view name) {
  const auto found = member(name);
  if (!found) return std::nullopt;
  if (found.is_string()) return std::string{found.text()};
  const bool plain = found.is(specs::kind::number) || found.is(specs::kind::boolean);
  report(found, in_quotes(name) + " must be a string, not " + std::string{describe(found)} +
                    (plain ? "; put it in quotes" : ""));
  return std::nullopt;
}

std::string config_object::id(std::string_view name, std::string_view purpose) {
  const auto found = member(name);
  if (!found) {
    missing(name, purpose);
    return {};
  }
  auto value = text(name).value_or("");
  if (!found.is_string() || valid_id(value)) return value;
  report(found, in_quotes(value) +
                    " is no valid id: use 1 to 100 letters, digits, '.', '_' or '-', "
                    "not starting with '.' or '-'");
  return {};
}

std::optional<bool> config_object::boolean(std::string_view name) {
  const auto found = member(name);
  if (!found) return std::nullopt;
  if (found.is(specs::kind::boolean)) return found.boolean();
  report(found, in_quotes(name) + " must be true or false, not " + std::string{describe(found)});
  return std::nullopt;
}

std::optional<std::uint64_t> config_object::integer(std::string_view name, std::uint64_t low,
                                                    std::uint64_t high) {
  const auto found = member(name);
  if (!found) return std::nullopt;
  std::uint64_t value = 0;
  const bool whole = found.is(specs::kind::number) && read_integer(found.text(), value);
  if (whole && value >= low && value <= high) return value;
  const auto got =
      found.is(specs::kind::number) ? std::string{found.text()} : std::string{describe(found)};
  // The bounds of a type say nothing to people; a setting's own range is told elsewhere.
  const bool unbounded = low == 0 && high >= std::numeric_limits<std::uint32_t>::max();
  const auto range = unbounded ? std::string{", 0 or more"}
                               : " from " + std::to_string(low) + " to " + std::to_string(high);
  report(found, in_quotes(name) + " must be a whole number" + range + ", not " + got);
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> config_object::duration(std::string_view name,
                                                                 std::chrono::milliseconds low,
                                                                 std::chrono::milliseconds high) {
  const auto found = member(name);
  if (!found) return std::nullopt;
  if (!found.is_string() && !found.is(specs::kind::number)) {
    report(found, in_quotes(name) + " must be a length of time such as 30s or 5m, not " +
                      std::string{describe(found)});
    return std::nullopt;
  }
  const auto value = parse_duration(found.text());
  if (!value) {
    report(found, in_quotes(name) + ": " + value.error().message);
    return std::nullopt;
  }
  if (*value >= low && *value <= high) return *value;
  report(found, in_quotes(name) + " must be from " + print_duration(low) + " to " +
                    print_duration(high) + ", not " + print_duration(*value));
  return std::nullopt;
}

std::optional<std::vector<std::string>> config_object::texts(std::string_view name) {
  const auto found = member(name);
  if (!found) return std::nullopt;
  if (found.is_string()) return std::vector<std::string>{std::string{found.text()}};
  if (!found.is_array()) {
    report(found,
           in_quotes(name) + " must be a list of strings, not " + std::string{describe(found)});
    return std::nullopt;
  }
  std::vector<std::string> out;
  for (const auto item : found) {
    if (item.is_string())
      out.emplace_back(item.text());
    else
      report(item, in_quotes(name) + " must be a list of strings, and this is " +
                       std::string{describe(item)});
  }
  return out;
}

std::optional<std::map<std::string, std::string>> config_object::text_map(std::string_view name) {
  const auto found = member(name);
  if (!found) return std::nullopt;
  if (!found.is_object()) {
    report(found,
           in_quotes(name) + " must be an object of strings, not " + std::string{describe(found)});
    return std::nullopt;
  }
  std::map<std::string, std::string> out;
  for (const auto item : found) {
    if (item.is_string())
      out.emplace(item.key(), item.text());
    else
      report(item, in_quotes(item.key()) + " in " + in_quotes(name) + " must be a string, not " +
                       std::string{describe(item)});
  }
  return out;
}

void config_object::refuse_unknown() {
  if (!good()) return;
  for (const auto item : object_) {
    const auto name = item.key();
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    std::string nearest;
    // A third of the letters may be wrong; more than that is another word.
    auto best = std::max<std::size_t>(name.size() / 3, 1) + 1;
    if (name.size() <= word_max)
      for (const auto& candidate : known_)
        if (const auto distance = edit_distance(name, candidate); distance < best) {
          best = distance;
          nearest = candidate;
        }
    std::string message = "unknown key " + in_quotes(name);
    if (!nearest.empty()) {
      message += "; did you mean " + in_quotes(nearest) + "?";
    } else {
      message += "; known keys are ";
      for (const auto& candidate : known_)
        message += (&candidate == known_.data() ? "" : ", ") + candidate;
    }
    report(item, message);
  }
}

} // namespace apisync::events
