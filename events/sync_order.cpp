#include "events/sync_order.hpp"

#include <algorithm>
#include <cstdint>

namespace apisync::events {

namespace {

/// Nodes are sources first, then names that stand for them; a name leads to its sources, a source
/// to the names that it comes after.
class order_graph {
public:
  explicit order_graph(const std::vector<ordered_source>& sources) : sources_{sources} {
    for (std::size_t i = 0; i < sources.size(); ++i) {
      members_[sources[i].id].push_back(i);
      if (sources[i].api != sources[i].id) members_[sources[i].api].push_back(i);
    }
    for (const auto& [name, list] : members_)
      names_.push_back(&list);
    std::size_t at = 0;
    for (const auto& [name, list] : members_)
      number_.emplace(name, sources.size() + at++);
  }

  [[nodiscard]] std::size_t size() const { return sources_.size() + names_.size(); }
  [[nodiscard]] bool is_source(std::size_t node) const { return node < sources_.size(); }

  [[nodiscard]] result<void> check_names(std::string_view subject) const {
    for (const auto& source : sources_) {
      if (!subject.empty() && source.id != subject) continue;
      for (const auto& name : *source.after)
        if (!number_.contains(name))
          return fail(errc::invalid_argument,
                      "source '" + std::string{source.id} + "' comes after '" + name +
                          "', and there is no source and no API with a source of that id",
                      "source/" + std::string{source.id});
    }
    return {};
  }

  [[nodiscard]] std::size_t edges(std::size_t node) const {
    return is_source(node) ? sources_[node].after->size() : names_[node - sources_.size()]->size();
  }

  [[nodiscard]] std::size_t follow(std::size_t node, std::size_t edge) const {
    if (!is_source(node)) return (*names_[node - sources_.size()])[edge];
    const auto found = number_.find((*sources_[node].after)[edge]);
    return found == number_.end() ? node : found->second;
  }

  [[nodiscard]] std::string name(std::size_t source) const {
    return std::string{sources_[source].id};
  }

private:
  const std::vector<ordered_source>& sources_;
  std::map<std::string_view, std::vector<std::size_t>> members_;
  std::vector<const std::vector<std::size_t>*> names_;
  std::map<std::string_view, std::size_t> number_;
};

struct step {
  std::size_t node = 0, edge = 0;
};

error circle(const order_graph& graph, const std::vector<step>& path, std::size_t again) {
  const auto start =
      std::find_if(path.begin(), path.end(), [&](const step& one) { return one.node == again; });
  std::vector<std::string> names;
  for (auto at = start; at != path.end(); ++at)
    if (graph.is_source(at->node)) names.push_back(graph.name(at->node));
  std::string text;
  for (const auto& name : names)
    text += name + " → ";
  text += names.front();
  return {errc::invalid_argument,
          "sources wait for each other in a circle: " + text + "; take one 'after' out",
          "source/" + names.front()};
}

} // namespace

result<void> check_order(const std::vector<ordered_source>& sources, std::string_view subject) {
  const order_graph graph{sources};
  if (auto known = graph.check_names(subject); !known) return known;
  enum class mark : std::uint8_t { fresh, open, done };
  std::vector<mark> marks(graph.size(), mark::fresh);
  std::vector<step> path;
  for (std::size_t root = 0; root < sources.size(); ++root) {
    if (marks[root] != mark::fresh) continue;
    path.push_back({root, 0});
    marks[root] = mark::open;
    while (!path.empty()) {
      auto& [node, edge] = path.back();
      if (edge == graph.edges(node)) {
        marks[node] = mark::done;
        path.pop_back();
        continue;
      }
      const auto next = graph.follow(node, edge++);
      if (next == node) continue; // a name that nothing has any more
      if (marks[next] == mark::open) return tl::unexpected{circle(graph, path, next)};
      if (marks[next] == mark::done) continue;
      marks[next] = mark::open;
      path.push_back({next, 0});
    }
  }
  return {};
}

bool may_be_found(const std::vector<folder_definition>& folders, std::string_view id) {
  return std::ranges::any_of(folders, [&](const auto& folder) {
    return id.size() > folder.id.size() + 1 && id.starts_with(folder.id) &&
           id[folder.id.size()] == '.';
  });
}

void add_expected(std::vector<ordered_source>& sources,
                  const std::vector<folder_definition>& folders) {
  static const std::vector<std::string> none;
  const auto declared = sources.size();
  for (std::size_t i = 0; i < declared; ++i)
    for (const auto& name : *sources[i].after)
      if (may_be_found(folders, name)) sources.push_back({name, name, &none});
}

} // namespace apisync::events
