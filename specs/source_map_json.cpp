#include "specs/source_map.hpp"

namespace apisync::specs {

namespace {

/// Walks a text that is known to be JSON, and looks at no more than where its parts end.
class json_mapper {
public:
  explicit json_mapper(std::string_view text) : text_{text} {}

  std::optional<source_map> map() {
    while (at_ < text_.size())
      if (!step()) return std::nullopt;
    if (!open_.empty()) return std::nullopt;
    return std::move(map_);
  }

private:
  bool step() {
    switch (text_[at_]) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
    case ',':
    case ':':
      ++at_;
      return true;
    case '{':
    case '[':
      open_.push_back(push(spelling::flow));
      map_.spans.back().is_mapping = text_[at_++] == '{';
      return true;
    case '}':
    case ']':
      ++at_;
      if (open_.empty()) return false;
      close(open_.back());
      open_.pop_back();
      return true;
    case '"':
      return string();
    default:
      return word();
    }
  }

  std::uint32_t push(spelling style) {
    const auto index = static_cast<std::uint32_t>(map_.spans.size());
    map_.spans.push_back({static_cast<std::uint32_t>(at_), 0, index + 1, style, false});
    return index;
  }

  void close(std::uint32_t index) {
    map_.spans[index].end = static_cast<std::uint32_t>(at_);
    map_.spans[index].next = static_cast<std::uint32_t>(map_.spans.size());
  }

  bool string() {
    const auto index = push(spelling::double_quoted);
    for (++at_;; at_ += 2) {
      at_ = text_.find_first_of("\"\\", at_);
      if (at_ == text_.npos) return false;
      if (text_[at_] == '"') break;
    }
    ++at_;
    close(index);
    return true;
  }

  bool word() {
    const auto index = push(spelling::plain);
    at_ = std::min(text_.find_first_of(" \t\r\n,:]}", at_), text_.size());
    close(index);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  source_map map_;
  std::vector<std::uint32_t> open_;
};

} // namespace

std::optional<source_map> map_json(std::string_view text) {
  return json_mapper{text}.map();
}

} // namespace apisync::specs
