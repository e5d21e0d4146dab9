#pragma once

#include "specs/text_source.hpp"
#include "specs/yaml_text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace apisync::specs {

/// A value that another text has, too: where the wanted one is the same, its words are taken.
struct donor_value {
  const text_source* from = nullptr;
  written_value at;
};

/// Writes a document over the text of another version: what is the same in both stands as it does
/// there, what differs is taken from a donor or printed. Checks nothing: a caller reads the result.
class text_writer {
public:
  /// A part of the result that was not copied whole, and the container it was written over.
  struct patch {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint32_t span = 0;
  };

  /// What to be careful about, after a result that did not read as what was wanted.
  struct care {
    std::set<std::uint32_t> print_whole; ///< Containers, by span, that are printed if they differ.
    bool no_names = false;               ///< Take no words with anchors or aliases from donors.
  };

  text_writer(const text_source& source, std::vector<donor_value> donors, const care& taken)
      : source_{source}, donors_{std::move(donors)}, care_{taken} {}

  /// The text, or nothing where the root itself has to be printed.
  std::optional<std::string> write(node old, node now);

  /// In the order in which they end: inner ones before outer ones.
  [[nodiscard]] const std::vector<patch>& patches() const { return patches_; }

  /// Words with anchors or aliases were taken from a donor.
  [[nodiscard]] bool took_names() const { return took_names_; }

private:
  struct open_donor {
    const text_source* from = nullptr;
    node value;
    written_children parts;
    std::vector<std::size_t> partner; ///< By wanted child: the donor's.
  };

  /// A container that differs, ready to be written child by child.
  struct plan {
    std::uint32_t span = 0;
    node old;
    node now;
    written_children parts;
    std::vector<std::size_t> partner; ///< By wanted child: the old one.
    std::vector<open_donor> donors;
    std::string margin;    ///< Before the lines of its children.
    std::string usual_gap; ///< In brackets: between two children.
  };

  /// A child of a donor that is what is wanted.
  struct found_donor {
    const open_donor* donor = nullptr;
    const written_child* child = nullptr;
    explicit operator bool() const { return child != nullptr; }
  };

  /// What an anchor stands for in the result so far.
  struct anchored {
    std::string_view name;
    bool changed = false;
    node now; ///< Where it changed.
  };

  // -- what can be kept (text_writer.cpp)
  [[nodiscard]] std::optional<plan> make_plan(const written_value& old, node now,
                                              const std::vector<donor_value>& donors);
  [[nodiscard]] bool fits(const plan& p) const;
  [[nodiscard]] std::vector<open_donor> open(const std::vector<donor_value>& donors,
                                             node now) const;
  [[nodiscard]] static std::vector<donor_value> donors_of(const plan& p, std::size_t child);
  [[nodiscard]] found_donor donor_of(const plan& p, std::size_t child) const;
  [[nodiscard]] bool names_fit(const source_map& theirs, std::uint32_t from,
                               std::uint32_t to) const;
  void container(const plan& p);
  void old_child(const plan& p, const written_child& c, std::size_t old, std::size_t now);

  // -- anchors and aliases (text_writer.cpp)
  [[nodiscard]] bool aliases_hold(std::uint32_t from, std::uint32_t to) const;
  [[nodiscard]] bool alias_holds(std::uint32_t span, node now) const;
  [[nodiscard]] const anchored* in_force(std::uint32_t anchor) const;
  void pass_anchors(std::uint32_t from, std::uint32_t to);
  void change_anchor(std::uint32_t span, node now);

  // -- by indentation (text_writer_block.cpp)
  void block(const plan& p);
  void block_gap(const plan& p, std::size_t written, bool first);
  void leave_comments(const written_child& removed);
  void add_to_block(const plan& p, std::size_t child, bool first);
  void take_names(const found_donor& found);
  void replace_in_block(const plan& p, const written_child& c, std::size_t child);
  bool take_from_donor(const plan& p, const written_child& c, const found_donor& found);
  void write_name(const plan& p, std::string_view name);
  [[nodiscard]] bool mostly_apart(const plan& p) const;
  [[nodiscard]] std::string_view comment_behind(const written_child& c) const;

  // -- in brackets (text_writer_flow.cpp)
  void flow(const plan& p);
  void add_to_flow(const plan& p, std::size_t child);
  void replace_in_flow(const plan& p, const written_child& c, std::size_t child);
  void write_in_flow(const plan& p, node value);
  [[nodiscard]] std::string gap_in_flow(const written_children& parts) const;
  [[nodiscard]] static std::string_view margin_at(std::string_view text, std::size_t at);
  [[nodiscard]] std::string_view margin_of(const plan& p) const;

  [[nodiscard]] std::string_view text(std::size_t from, std::size_t to) const {
    return source_.text.substr(from, to - from);
  }
  void copy(std::size_t from, std::size_t to) { out_ += text(from, to); }
  [[nodiscard]] static std::uint32_t first_span(const written_child& c) {
    return c.name == written_child::no_name ? c.value : c.name;
  }
  [[nodiscard]] scalar_quotes quotes_of(const plan& p, bool names) const;

  const text_source& source_;
  std::vector<donor_value> donors_;
  const care& care_;
  std::string out_;
  std::vector<patch> patches_;
  std::unordered_map<std::uint32_t, anchored> anchors_;            ///< By span.
  std::unordered_map<std::string_view, std::uint32_t> named_last_; ///< The span by its name.
  bool took_names_ = false;
  std::unordered_set<std::string_view> names_taken_; ///< Anchors from donors.
};

} // namespace apisync::specs
